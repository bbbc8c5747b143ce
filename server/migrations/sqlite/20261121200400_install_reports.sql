-- What kept the chat from working on pages, counted by day, for the owner's eyes: which site, why, how often. No visitor.
create table install_reports (
    chatbot_id blob not null references chatbots (id) on delete cascade,
    origin text not null,
    reason text not null check (reason in (
        'origin', 'csp_wasm', 'csp_connect', 'csp_frame', 'csp_script', 'storage', 'wasm', 'version', 'other'
    )),
    day text not null,
    detail text,
    version text,
    times integer not null,
    created_at text not null,
    last_at text not null,
    primary key (chatbot_id, origin, reason, day)
) strict;
create index install_reports_by_day on install_reports (day);

-- Refused origins are one reason among these.
insert into install_reports (chatbot_id, origin, reason, day, detail, times, created_at, last_at)
select chatbot_id, origin, 'origin', substr(last_at, 1, 10), reason, times, created_at, last_at from refused_origins;
drop table refused_origins;
