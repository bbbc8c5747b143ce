insert into sources (
    id, organization_id, project_id, kind, title, url, language, content_hash, created_at, updated_at
) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
