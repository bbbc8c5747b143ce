update chatbots set published_version = $2, updated_at = $3 where id = $1
