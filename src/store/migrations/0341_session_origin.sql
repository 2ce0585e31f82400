-- access: where a session was begun, for its viewer to recognise it. address: sealed; null where it is not known.
-- program: "Firefox on Windows", of a closed list of words; '' where it is not known.
alter table sessions add column address bytea;
alter table sessions add column program text not null default '';
