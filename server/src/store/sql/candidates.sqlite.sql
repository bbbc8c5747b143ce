select k.number, k.terms, k.length
from chunk_index i
join chunks k on k.number = i.rowid
join chatbot_sources l on l.source_id = k.source_id and l.chatbot_id = $2
where i.terms match $1
order by i.rowid
limit $3
