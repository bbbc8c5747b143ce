select config from chatbot_versions where chatbot_id = $1 order by number desc limit 1000
