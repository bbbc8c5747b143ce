select s.language
from sources s
join chatbot_sources l on l.source_id = s.id
where l.chatbot_id = $1 and s.language is not null
group by s.language
order by count(*) desc, s.language
limit 4
