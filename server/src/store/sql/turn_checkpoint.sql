update turns set text = $2 where id = $1 and status = 'running'
