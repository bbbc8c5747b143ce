update sessions set consent_hash = null, consent_locale = null, consent_at = null, consent_vouched = $2
where id = $1
