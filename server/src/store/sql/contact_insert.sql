insert into contacts (
    id, organization_id, chatbot_id, session_id, name, email, phone, message, fields, consent_at, created_at
) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
