select cast(coalesce(sum(bytes), 0) as bigint) as bytes, count(*) as files
from attachments where organization_id = $1 and chatbot_id = $2
