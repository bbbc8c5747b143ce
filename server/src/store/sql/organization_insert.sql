insert into organizations (id, name, slug, created_at) values ($1, $2, $3, $4)
