select verified, user_id, name, email from session_identity where session_id = $1
