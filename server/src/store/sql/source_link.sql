insert into chatbot_sources (chatbot_id, source_id, created_at) values ($1, $2, $3)
