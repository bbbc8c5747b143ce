select id, organization_id, chatbot_id, scope from api_keys where hash = $1 and revoked_at is null
