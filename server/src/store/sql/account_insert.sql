insert into accounts (id, email, password_hash, created_at) values ($1, $2, $3, $4)
