update sessions set updated_at = $2, last_seq = last_seq + $3 where id = $1
returning status, last_seq, consent_at is not null as consented
