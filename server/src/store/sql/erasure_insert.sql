insert into erasures (session_id, created_at) values ($1, $2) on conflict (session_id) do nothing
