-- case_notice_reminders: notices that go again while nobody answers (src/cases/notice_reminders.cc). Each that went is a
-- row of case_notices besides, which says what it reminds of. Days are UTC days since 1970, times microseconds.
alter table case_notices add column reminds bigint;  -- number of the notice it is a reminder of; null: of none
create table case_notice_reminders (
  case_id text not null references cases (case_id),
  number bigint not null,  -- of the notice
  next_day bigint not null,
  every_days bigint not null,  -- 0: one only
  most bigint not null,
  sent bigint not null,
  sealed bytea not null,  -- address, subject, text and html as they go; empty once it ended
  ended_why text not null,  -- '': it goes on
  ended_by text not null,  -- '': nobody
  ended_at bigint,
  primary key (case_id, number)
);
create index case_notice_reminders_by_day on case_notice_reminders (ended_why, next_day);
