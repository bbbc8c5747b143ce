insert into file_removals (id, session_id, created_at) values ($1, $2, $3) on conflict (id) do nothing
