select kind, expires_at from session_access where session_id = $1 and hash = $2
