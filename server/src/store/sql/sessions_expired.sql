select id from sessions where chatbot_id = $1 and updated_at < $2 order by updated_at limit 200
