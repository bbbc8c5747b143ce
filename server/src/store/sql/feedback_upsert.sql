insert into feedback (message_id, session_id, rating, comment, reason, created_at, updated_at)
values ($1, $2, $3, $4, $5, $6, $6)
on conflict (message_id) do update set rating = excluded.rating, comment = excluded.comment, reason = excluded.reason,
    updated_at = excluded.updated_at
returning rating, comment, reason, created_at, updated_at
