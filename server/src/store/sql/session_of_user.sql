select s.id, s.organization_id, s.chatbot_id, s.channel, s.locale, s.status, s.consent_at, s.last_seq,
    s.created_at, s.finished_at, c.public_id, c.slug
from session_identity i
join sessions s on s.id = i.session_id
join chatbots c on c.id = s.chatbot_id
where i.organization_id = $1 and i.chatbot_id = $2 and i.user_id = $3 and i.verified and s.id = $4
