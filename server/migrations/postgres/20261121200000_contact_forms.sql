-- What was entered into the owner's own form: a list of key, label and value.
alter table contacts add column fields jsonb not null default '[]';

-- Why the contact form was offered below an answer.
alter table messages add column contact_reason text check (contact_reason in ('unanswered', 'asked', 'rule'));
update messages set contact_reason = 'unanswered' where answered = false;
