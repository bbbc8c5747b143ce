select id, session_id, name, email, phone, message, fields, consent_at, created_at
from contacts where session_id = $1
order by created_at, id
