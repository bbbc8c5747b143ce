select seq, kind, turn_id, message_id, created_at from session_events
where session_id = $1 and seq > $2
order by seq limit $3
