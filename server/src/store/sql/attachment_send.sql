update attachments set message_id = $3
where session_id = $1 and id = $2 and message_id is null and media_type is not null
