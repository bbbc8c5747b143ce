select count(*) from expand_tokens where hash = $1
