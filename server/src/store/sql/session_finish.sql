update sessions set status = 'finished', finished_at = coalesce(finished_at, $2), updated_at = $2
where id = $1 and status = 'open'
