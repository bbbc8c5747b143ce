insert into sessions (
    id, organization_id, chatbot_id, channel, client_session_id, visitor_label, locale, origin, address, status,
    consent_hash, consent_locale, consent_at, consent_vouched, last_seq, created_at, updated_at
) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'open', $10, $11, $12, $13, 0, $14, $14)
