-- What the visitor may ask next, offered below an answer.
alter table messages add column suggestions text not null default '[]';
