insert into expand_tokens (hash, session_id, expires_at, created_at) values ($1, $2, $3, $4)
