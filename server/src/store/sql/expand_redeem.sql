update expand_tokens set redeemed_at = $2 where hash = $1 and redeemed_at is null and expires_at > $2
returning session_id
