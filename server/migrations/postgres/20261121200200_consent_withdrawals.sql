-- Acceptances of the terms that were taken back: what had been accepted and when, and when that ended.
create table consent_withdrawals (
    session_id uuid not null references sessions (id) on delete cascade,
    accepted_at timestamptz not null,
    hash text,
    locale text,
    vouched boolean not null,
    created_at timestamptz not null,
    primary key (session_id, accepted_at)
);
