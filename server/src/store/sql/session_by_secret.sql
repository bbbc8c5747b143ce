select s.id, s.organization_id, s.chatbot_id, s.channel, s.locale, s.status, s.consent_at, s.last_seq,
    s.created_at, s.finished_at, c.public_id, c.slug, a.kind, a.expires_at
from sessions s
join chatbots c on c.id = s.chatbot_id
join session_access a on a.session_id = s.id and a.hash = $2
where s.id = $1
