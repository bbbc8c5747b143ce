select k.number, k.headings, k.anchor, k.body, s.id as source_id, s.title, s.url
from chunks k
join sources s on s.id = k.source_id
join chatbot_sources l on l.source_id = k.source_id and l.chatbot_id = $1
where k.number in ($2, $3, $4, $5, $6, $7, $8, $9)
