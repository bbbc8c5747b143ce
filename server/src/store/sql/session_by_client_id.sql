select s.id, s.organization_id, s.chatbot_id, s.channel, s.locale, s.status, s.consent_at, s.last_seq,
    s.created_at, s.finished_at, c.public_id, c.slug
from sessions s join chatbots c on c.id = s.chatbot_id
where s.chatbot_id = $1 and s.client_session_id = $2
