insert into chatbots (
    id, organization_id, project_id, public_id, slug, draft, published_version, provider_key, created_at, updated_at,
    identity_secret, identity_previous
) values ($1, $2, $3, $4, $5, $6, null, $7, $8, $8, $9, $10)
