insert into session_access (session_id, hash, kind, expires_at, created_at) values ($1, $2, $3, $4, $5)
