update turns set status = $2, text = $3, finish_reason = $4, ended_at = $5
where id = $1 and status in ('waiting', 'running')
