select count(*) from refused_origins where chatbot_id = $1 and origin <> $2
