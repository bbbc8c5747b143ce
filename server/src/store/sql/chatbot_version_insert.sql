insert into chatbot_versions (chatbot_id, number, config, created_at) values ($1, $2, $3, $4)
