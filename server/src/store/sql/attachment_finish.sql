update attachments set media_type = $3, bytes = $4
where session_id = $1 and id = $2 and message_id is null and media_type is null
