insert into projects (id, organization_id, number, name, created_at) values ($1, $2, $3, $4, $5)
