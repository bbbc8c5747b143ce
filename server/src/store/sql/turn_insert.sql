insert into turns (
    id, organization_id, session_id, question_id, answer_id, retry_key, chatbot_version, status, text, created_at
) values ($1, $2, $3, $4, $5, $6, $7, $8, '', $9)
