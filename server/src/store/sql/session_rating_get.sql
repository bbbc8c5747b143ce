select rating, comment, created_at, updated_at from session_ratings where session_id = $1
