update sessions set last_seq = last_seq + 1 where id = $1 returning last_seq
