insert into session_events (session_id, seq, kind, turn_id, message_id, created_at)
values ($1, $2, $3, $4, $5, $6), ($1, $7, $8, $9, $10, $11)
