update turns set text = $2, sources = $3 where id = $1 and status = 'running'
