select count(*) from install_reports
where chatbot_id = $1 and day = $2 and not (origin = $3 and reason = $4)
