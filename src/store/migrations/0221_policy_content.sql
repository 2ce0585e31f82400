-- policies: the content each version was compiled with, as values, so that later content does not act on the past.
alter table policies add column content TEXT not null default '';
