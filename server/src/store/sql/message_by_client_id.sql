select m.id, m.session_id, m.parent_id, m.turn_id, m.author, m.body, m.status, m.sources, m.answered, m.error_code,
    m.client_message_id, m.created_at, m.contact_reason, m.suggestions, m.context, m.attachments, f.rating
from messages m left join feedback f on f.message_id = m.id
where m.session_id = $1 and m.client_message_id = $2
