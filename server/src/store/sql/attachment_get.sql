select id, message_id, name, media_type, bytes from attachments where session_id = $1 and id = $2
