delete from attachments where session_id = $1 and id = $2 and message_id is null
