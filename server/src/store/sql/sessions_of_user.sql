select s.id, s.status, s.created_at, s.updated_at,
    (select q.body from messages q where q.session_id = s.id and q.author = 'visitor'
            and not exists (select 1 from messages r where r.session_id = s.id and r.parent_id = q.id and r.author = 'visitor')
        order by q.created_at, q.id limit 1) as question,
    (select q.attachments from messages q where q.session_id = s.id and q.author = 'visitor'
            and not exists (select 1 from messages r where r.session_id = s.id and r.parent_id = q.id and r.author = 'visitor')
        order by q.created_at, q.id limit 1) as attached,
    (select count(*) from messages m where m.session_id = s.id) as messages,
    s.consent_at is null and exists (select 1 from consent_withdrawals w where w.session_id = s.id) as consent_withdrawn
from session_identity i join sessions s on s.id = i.session_id
where i.organization_id = $1 and i.chatbot_id = $2 and i.user_id = $3 and i.verified
order by s.updated_at desc, s.id desc
limit $4
