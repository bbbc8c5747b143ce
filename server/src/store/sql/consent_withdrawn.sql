select accepted_at, hash, locale, vouched, created_at as withdrawn_at
from consent_withdrawals where session_id = $1
order by created_at desc limit 1
