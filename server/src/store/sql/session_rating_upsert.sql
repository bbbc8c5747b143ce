insert into session_ratings (session_id, rating, comment, created_at, updated_at) values ($1, $2, $3, $4, $4)
on conflict (session_id) do update set rating = excluded.rating, comment = excluded.comment,
    updated_at = excluded.updated_at
returning rating, comment, created_at, updated_at
