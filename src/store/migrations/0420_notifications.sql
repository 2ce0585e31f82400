-- notifications: what viewers chose to be told by mail, what waits to be told, and what is no news any more. Owned by
-- src/notifications. Times are microseconds since 1970.
create table notification_settings (
  user_name TEXT not null primary key,
  language TEXT not null,       -- of content/notifications
  zone TEXT not null,           -- name of the time zone database
  digest_hour BIGINT not null,  -- 0 to 23, there
  quiet_from BIGINT,            -- minutes of the day, there; null: no quiet hours
  quiet_to BIGINT,
  changed BIGINT not null
);
create table notification_choices (
  user_name TEXT not null,
  kind TEXT not null,
  choice TEXT not null,  -- off, at_once, digest
  primary key (user_name, kind)
);
-- One row for each viewer and thing, gone in the transaction that puts the mail into the outbox.
create table notification_waiting (
  user_name TEXT not null,
  kind TEXT not null,
  thing TEXT not null,  -- id of an alert or case, number of a request or mass event, name of a source
  about TEXT not null,  -- what else is told of it: who gave the case, the day it is due, since when it is silent
  text TEXT not null,   -- which text of content/notifications tells it
  added BIGINT not null,
  primary key (user_name, kind, thing, about)
);
create index notification_waiting_by_turn on notification_waiting (user_name, added);
-- What was news once, whoever was told. thing '': from this kind's first look on there is news at all.
create table notification_seen (
  kind TEXT not null,
  thing TEXT not null,
  at BIGINT not null,
  primary key (kind, thing)
);
-- Mails of the last hour, for how many may go.
create table notification_mails (
  user_name TEXT not null,
  at BIGINT not null,
  mails BIGINT not null,
  summary BIGINT not null,  -- 1: one of them told of what was too much for mails of its own
  primary key (user_name, at)
);
-- The Monday (days since 1970) whose summary of the week a viewer has had.
create table notification_weeks (
  user_name TEXT not null primary key,
  week BIGINT not null
);
