select id from organizations order by created_at, id limit 1
