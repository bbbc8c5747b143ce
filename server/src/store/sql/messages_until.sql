select m.id, m.parent_id, m.author, m.body, m.context, m.attachments
from messages m
where m.session_id = $1
    and (m.id = $2 or ((m.body <> '' or m.author = 'visitor') and m.status <> 'failed'))
    and (m.created_at, m.id) <= (select q.created_at, q.id from messages q where q.session_id = $1 and q.id = $2)
order by m.created_at desc, m.id desc
limit $3
