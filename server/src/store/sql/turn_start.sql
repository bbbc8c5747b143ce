update turns set status = 'running' where id = $1 and status = 'waiting'
