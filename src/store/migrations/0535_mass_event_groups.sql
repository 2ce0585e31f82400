-- alerts: mass events of one department, beside those of everybody.
-- What the directory said of the person on the day of the greatest part: its name, '' none; '*' not known, of alerts from
-- before departments were looked at, which may have been in any.
alter table alerts add column cause_department TEXT not null default '*';
create table mass_events_by_group (
  number BIGINT not null primary key,  -- from 1
  cause TEXT not null,
  day BIGINT not null,
  raised_at BIGINT not null,
  most_before BIGINT not null,  -- the most people of the group on one of the 90 days before
  decision TEXT not null,       -- '' held, 'released', 'explained'
  decided_by TEXT not null,
  decided_at BIGINT not null,
  reason TEXT not null,
  expectations TEXT not null,   -- numbers of those that explain it, one a line
  department TEXT not null default '',  -- whose people it is about; '' everybody
  unique (cause, day, department)
);
insert into mass_events_by_group (cause, number, day, raised_at, most_before, decision, decided_by, decided_at, reason, expectations) select cause, number, day, raised_at, most_before, decision, decided_by, decided_at, reason, expectations from mass_events;
drop table mass_events;
alter table mass_events_by_group rename to mass_events;
