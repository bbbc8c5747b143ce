select id from organizations where slug = $1
