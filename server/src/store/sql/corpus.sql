select count(*) as chunks, cast(coalesce(sum(k.length), 0) as bigint) as terms
from chunks k join chatbot_sources l on l.source_id = k.source_id
where l.chatbot_id = $1
