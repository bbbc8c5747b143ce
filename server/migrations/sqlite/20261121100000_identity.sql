-- Whose a session is, as the page around the widget said; `verified` when the site's server proved it.
create table session_identity (
    session_id blob primary key not null references sessions (id) on delete cascade,
    organization_id blob not null references organizations (id) on delete cascade,
    chatbot_id blob not null references chatbots (id) on delete cascade,
    verified integer not null,
    user_id text,
    name text,
    email text,
    created_at text not null,
    updated_at text not null
) strict;
create index session_identity_by_user on session_identity (organization_id, chatbot_id, user_id);

-- What proofs are made with, sealed: the secret that holds, and the one before it.
alter table chatbots add column identity_secret blob;
alter table chatbots add column identity_previous blob;

-- The page that a question was asked on, as JSON.
alter table messages add column context text;
