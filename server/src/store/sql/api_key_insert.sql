insert into api_keys (id, organization_id, chatbot_id, name, prefix, hash, scope, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8)
