select c.slug, r.origin, r.reason, r.day, r.detail, r.version, cast(r.times as bigint) as times, r.created_at, r.last_at
from install_reports r join chatbots c on c.id = r.chatbot_id
where r.day >= $1
order by r.day desc, r.times desc, r.origin, r.reason limit 1000
