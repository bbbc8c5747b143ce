update chatbots set project_id = $2, slug = $3, draft = $4, provider_key = $5, updated_at = $6,
    identity_secret = $7, identity_previous = $8
where id = $1
