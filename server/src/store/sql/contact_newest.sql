select created_at from contacts where session_id = $1 order by created_at desc limit 1
