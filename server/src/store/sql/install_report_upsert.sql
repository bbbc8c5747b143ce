insert into install_reports (chatbot_id, origin, reason, day, detail, version, times, created_at, last_at)
values ($1, $2, $3, $4, $5, $6, 1, $7, $7)
on conflict (chatbot_id, origin, reason, day) do update set detail = coalesce(excluded.detail, install_reports.detail),
    version = coalesce(excluded.version, install_reports.version), times = install_reports.times + 1,
    last_at = excluded.last_at
