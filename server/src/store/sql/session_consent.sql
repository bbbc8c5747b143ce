update sessions set consent_hash = $2, consent_locale = $3, consent_at = $4 where id = $1
