select c.id, c.session_id, c.name, c.email, c.phone, c.message, c.fields, c.consent_at, c.created_at, i.user_id, i.verified
from contacts c left join session_identity i on i.session_id = c.session_id
where c.organization_id = $1 and c.chatbot_id = $2
order by c.created_at desc, c.id desc limit $3
