-- Acceptances of the terms that were taken back: what had been accepted and when, and when that ended.
create table consent_withdrawals (
    session_id blob not null references sessions (id) on delete cascade,
    accepted_at text not null,
    hash text,
    locale text,
    vouched integer not null,
    created_at text not null,
    primary key (session_id, accepted_at)
) strict;
