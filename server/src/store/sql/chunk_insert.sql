insert into chunks (
    organization_id, source_id, ordinal, headings, anchor, body, terms, length, created_at
) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
