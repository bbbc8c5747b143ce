select count(*)
from messages m
where m.session_id = $1 and m.author = 'visitor'
    and (m.created_at, m.id) <= (select q.created_at, q.id from messages q where q.session_id = $1 and q.id = $2)
