insert into refused_origins (chatbot_id, origin, reason, times, created_at, last_at) values ($1, $2, $3, 1, $4, $4)
on conflict (chatbot_id, origin) do update set reason = excluded.reason, times = refused_origins.times + 1,
    last_at = excluded.last_at
