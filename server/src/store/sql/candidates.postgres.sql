select k.number, k.terms, k.length
from chunks k
join chatbot_sources l on l.source_id = k.source_id and l.chatbot_id = $2
where k.terms_index @@ to_tsquery('simple', $1)
order by k.number
limit $3
