update sessions set updated_at = $2 where id = $1 returning status
