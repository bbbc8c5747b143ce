-- Files that visitors uploaded. Their bytes lie outside of the database, under the ids of session and attachment.
create table attachments (
    id blob primary key not null,
    organization_id blob not null references organizations (id) on delete cascade,
    chatbot_id blob not null references chatbots (id) on delete cascade,
    session_id blob not null references sessions (id) on delete cascade,
    message_id blob references messages (id) on delete cascade,
    name text not null,
    media_type text,
    bytes integer not null,
    created_at text not null
) strict;
create index attachments_by_session on attachments (session_id, bytes);
create index attachments_by_chatbot on attachments (organization_id, chatbot_id, bytes);
create index attachments_by_message on attachments (message_id);
create index attachments_unsent on attachments (created_at) where message_id is null;

-- What a message came with, so that reading a conversation asks one table.
alter table messages add column attachments text not null default '[]';

-- Bytes that are to be deleted: `id` is an attachment's, or the session's for all that it had.
create table file_removals (
    id blob primary key not null,
    session_id blob not null,
    created_at text not null
) strict;
