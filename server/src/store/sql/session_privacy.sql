select s.visitor_label, s.origin, s.locale, s.address is not null as keeps_address, s.created_at, s.updated_at,
    s.consent_hash, s.consent_locale, s.consent_at, s.consent_vouched,
    (select count(*) from messages m where m.session_id = s.id) as messages,
    (select count(*) from contacts c where c.session_id = s.id) as contacts,
    (select count(*) from feedback f where f.session_id = s.id) as ratings,
    (select count(*) from attachments a where a.session_id = s.id and a.media_type is not null) as attachments
from sessions s
where s.id = $1
