insert into file_removals (id, session_id, created_at)
select distinct a.session_id, a.session_id, e.created_at
from attachments a join erasures e on e.session_id = a.session_id
where true
on conflict (id) do nothing
