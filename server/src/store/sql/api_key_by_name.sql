select id, organization_id, chatbot_id, scope from api_keys
where organization_id = $1 and name = $2 and revoked_at is null
