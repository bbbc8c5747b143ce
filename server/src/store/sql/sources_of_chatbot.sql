select s.id, s.content_hash from sources s
join chatbot_sources l on l.source_id = s.id and l.chatbot_id = $1
