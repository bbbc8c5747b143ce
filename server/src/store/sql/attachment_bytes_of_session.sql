select cast(coalesce(sum(bytes), 0) as bigint) as bytes, count(*) as files from attachments where session_id = $1
