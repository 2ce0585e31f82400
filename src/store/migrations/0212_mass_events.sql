-- alerts: what most of an alert's score comes from, and days on which many people have alerts about the same.
alter table alerts add column cause TEXT not null default '';       -- indicator or sequence of its greatest part of one day
alter table alerts add column cause_day BIGINT not null default 0;  -- that day; UTC days since 1970
alter table alerts add column rest BIGINT not null default 0;       -- points of all other parts, in millionths
alter table alerts add column cause_seen BIGINT not null default 1; -- 0: changed since mass events were last looked for
alter table alerts add column mass_event BIGINT not null default 0; -- number of the one it is held in; 0: none
create index alerts_by_cause on alerts (cause, cause_day);
create index alerts_cause_unseen on alerts (cause_seen) where cause_seen = 0;
create index alerts_by_mass_event on alerts (mass_event) where mass_event <> 0;
create table mass_events (
  number BIGINT not null primary key,  -- from 1
  cause TEXT not null,
  day BIGINT not null,
  raised_at BIGINT not null,
  most_before BIGINT not null,  -- the most people on one of the 90 days before
  decision TEXT not null,       -- '' held, 'released', 'explained'
  decided_by TEXT not null,
  decided_at BIGINT not null,
  reason TEXT not null,
  expectations TEXT not null,   -- numbers of those that explain it, one a line
  unique (cause, day)
);
