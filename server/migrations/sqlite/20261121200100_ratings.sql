-- What visitors thought of the whole conversation, after its end.
create table session_ratings (
    session_id blob primary key not null references sessions (id) on delete cascade,
    rating integer not null check (rating between 1 and 5),
    comment text,
    created_at text not null,
    updated_at text not null
) strict;

-- What was wrong with an answer that was not helpful.
alter table feedback add column reason text
    check (reason in ('wrong', 'incomplete', 'unclear', 'off_topic', 'unsafe', 'other'));
