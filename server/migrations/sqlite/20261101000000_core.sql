-- The first schema. Ids are UUIDv7 as 16 bytes, times are RFC 3339 text in UTC with microseconds.
create table organizations (
    id blob primary key not null,
    name text not null,
    slug text not null unique,
    created_at text not null
) strict;

create table accounts (
    id blob primary key not null,
    email text not null unique,
    password_hash text not null,
    created_at text not null
) strict;

create table members (
    organization_id blob not null references organizations (id) on delete cascade,
    account_id blob not null references accounts (id) on delete cascade,
    role text not null check (role in ('owner', 'admin', 'editor', 'viewer')),
    created_at text not null,
    primary key (organization_id, account_id)
) strict;

create table projects (
    id blob primary key not null,
    organization_id blob not null references organizations (id) on delete cascade,
    number integer not null unique,
    name text not null,
    created_at text not null
) strict;
create index projects_by_organization on projects (organization_id, number);

create table chatbots (
    id blob primary key not null,
    organization_id blob not null references organizations (id) on delete cascade,
    project_id blob not null references projects (id) on delete cascade,
    public_id text not null unique,
    slug text not null unique,
    draft text not null,
    published_version integer,
    provider_key blob,
    created_at text not null,
    updated_at text not null
) strict;
create index chatbots_by_organization on chatbots (organization_id, project_id);

create table chatbot_versions (
    chatbot_id blob not null references chatbots (id) on delete cascade,
    number integer not null,
    config text not null,
    created_at text not null,
    primary key (chatbot_id, number)
) strict;

-- Grows by one with every change of configuration, so that every process notices that its cache is old.
create table config_epoch (
    id integer primary key not null check (id = 1),
    epoch integer not null
) strict;
insert into config_epoch (id, epoch) values (1, 1);

create table api_keys (
    id blob primary key not null,
    organization_id blob not null references organizations (id) on delete cascade,
    chatbot_id blob references chatbots (id) on delete cascade,
    name text not null,
    prefix text not null,
    hash blob not null unique,
    scope text not null check (scope in ('runtime', 'read', 'admin')),
    created_at text not null,
    revoked_at text
) strict;
create index api_keys_by_organization on api_keys (organization_id, name);

create table sources (
    id blob primary key not null,
    organization_id blob not null references organizations (id) on delete cascade,
    project_id blob not null references projects (id) on delete cascade,
    kind text not null check (kind in ('text', 'file', 'website')),
    title text not null,
    url text,
    language text,
    content_hash blob not null,
    created_at text not null,
    updated_at text not null
) strict;
create index sources_by_organization on sources (organization_id, project_id);

create table chatbot_sources (
    chatbot_id blob not null references chatbots (id) on delete cascade,
    source_id blob not null references sources (id) on delete cascade,
    created_at text not null,
    primary key (chatbot_id, source_id)
) strict;
create index chatbot_sources_by_source on chatbot_sources (source_id);

create table chunks (
    number integer primary key not null,
    organization_id blob not null references organizations (id) on delete cascade,
    source_id blob not null references sources (id) on delete cascade,
    ordinal integer not null,
    headings text not null,
    anchor text,
    body text not null,
    terms text not null,
    length integer not null,
    created_at text not null,
    unique (source_id, ordinal)
) strict;

-- The full-text index over the terms that our own analysis made; it only proposes candidates.
create virtual table chunk_index using fts5 (
    terms, content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 0"
);
insert into chunk_index (chunk_index, rank) values ('secure-delete', 1);
create trigger chunks_inserted after insert on chunks begin
    insert into chunk_index (rowid, terms) values (new.number, new.terms);
end;
create trigger chunks_deleted after delete on chunks begin
    delete from chunk_index where rowid = old.number;
end;

create table sessions (
    id blob primary key not null,
    organization_id blob not null references organizations (id) on delete cascade,
    chatbot_id blob not null references chatbots (id) on delete cascade,
    channel text not null check (channel in ('widget', 'page', 'public', 'api')),
    client_session_id text,
    visitor_label text,
    locale text,
    origin text,
    address text,
    status text not null check (status in ('open', 'finished')),
    consent_hash text,
    consent_locale text,
    consent_at text,
    consent_vouched integer not null default 0,
    last_seq integer not null default 0,
    created_at text not null,
    updated_at text not null,
    finished_at text,
    unique (chatbot_id, client_session_id)
) strict;
create index sessions_by_organization on sessions (organization_id, chatbot_id, updated_at);

create table session_access (
    session_id blob not null references sessions (id) on delete cascade,
    hash blob not null,
    kind text not null,
    expires_at text not null,
    created_at text not null,
    primary key (session_id, hash)
) strict;

create table messages (
    id blob primary key not null,
    organization_id blob not null references organizations (id) on delete cascade,
    session_id blob not null references sessions (id) on delete cascade,
    parent_id blob references messages (id) on delete cascade,
    turn_id blob,
    author text not null check (author in ('visitor', 'assistant', 'operator', 'trigger')),
    body text not null,
    status text not null check (status in ('complete', 'stopped', 'interrupted', 'failed')),
    sources text not null,
    answered integer,
    error_code text,
    client_message_id text,
    created_at text not null,
    unique (session_id, client_message_id)
) strict;
create index messages_by_session on messages (session_id, created_at, id);
create index messages_by_parent on messages (parent_id);

create table turns (
    id blob primary key not null,
    organization_id blob not null references organizations (id) on delete cascade,
    session_id blob not null references sessions (id) on delete cascade,
    question_id blob not null references messages (id) on delete cascade,
    answer_id blob not null unique,
    retry_key text,
    chatbot_version integer not null,
    status text not null
        check (status in ('waiting', 'running', 'complete', 'stopped', 'interrupted', 'failed')),
    text text not null,
    sources text not null default '[]',
    finish_reason text,
    epoch integer not null default 0,
    created_at text not null,
    ended_at text,
    unique (session_id, retry_key)
) strict;
create index turns_by_session on turns (session_id, status, created_at);
create index turns_by_question on turns (question_id);
create index turns_open on turns (status) where status in ('waiting', 'running');

create table session_events (
    session_id blob not null references sessions (id) on delete cascade,
    seq integer not null,
    kind text not null check (kind in ('message', 'turn-started', 'turn-ended', 'feedback', 'finished')),
    turn_id blob,
    message_id blob,
    created_at text not null,
    primary key (session_id, seq)
) strict;

create table feedback (
    message_id blob primary key not null references messages (id) on delete cascade,
    session_id blob not null references sessions (id) on delete cascade,
    rating text not null check (rating in ('up', 'down')),
    comment text,
    created_at text not null,
    updated_at text not null
) strict;
create index feedback_by_session on feedback (session_id);

create table expand_tokens (
    hash blob primary key not null,
    session_id blob not null references sessions (id) on delete cascade,
    expires_at text not null,
    redeemed_at text,
    created_at text not null
) strict;
create index expand_tokens_by_session on expand_tokens (session_id);

create table contacts (
    id blob primary key not null,
    organization_id blob not null references organizations (id) on delete cascade,
    chatbot_id blob not null references chatbots (id) on delete cascade,
    session_id blob not null references sessions (id) on delete cascade,
    name text,
    email text,
    phone text,
    message text,
    consent_at text,
    created_at text not null
) strict;
create index contacts_by_organization on contacts (organization_id, chatbot_id, created_at);
create index contacts_by_session on contacts (session_id);

-- Origins that were refused, for the owner's eyes: which site to allow.
create table refused_origins (
    chatbot_id blob not null references chatbots (id) on delete cascade,
    origin text not null,
    reason text not null,
    times integer not null,
    created_at text not null,
    last_at text not null,
    primary key (chatbot_id, origin)
) strict;

-- What was erased, so that a restored backup can be erased again. Holds ids only.
create table erasures (
    session_id blob primary key not null,
    created_at text not null
) strict;
