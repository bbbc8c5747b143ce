select id, session_id, created_at from file_removals order by created_at, id limit 500
