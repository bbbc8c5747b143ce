delete from sessions where id in (select session_id from erasures)
