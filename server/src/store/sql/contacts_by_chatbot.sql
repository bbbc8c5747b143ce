select id, session_id, name, email, phone, message, fields, consent_at, created_at
from contacts where organization_id = $1 and chatbot_id = $2
order by created_at desc, id desc limit $3
