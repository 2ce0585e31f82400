-- access: a lift ends with the session it was made in. session: its id; '' for lifts from before.
alter table lifts add column session text not null default '';
create index lifts_by_session on lifts (session, ends);
