insert into consent_withdrawals (session_id, accepted_at, hash, locale, vouched, created_at)
select id, consent_at, consent_hash, consent_locale, consent_vouched, $2
from sessions where id = $1 and consent_at is not null
on conflict (session_id, accepted_at) do nothing
