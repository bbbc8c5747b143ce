insert into messages (
    id, organization_id, session_id, parent_id, turn_id, author, body, status, sources, answered, error_code,
    client_message_id, created_at, contact_reason, suggestions, context, attachments
) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
