insert into attachments (
    id, organization_id, chatbot_id, session_id, message_id, name, media_type, bytes, created_at
) values ($1, $2, $3, $4, null, $5, null, $6, $7)
