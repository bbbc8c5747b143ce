-- What the visitor may ask next, offered below an answer.
alter table messages add column suggestions jsonb not null default '[]';
