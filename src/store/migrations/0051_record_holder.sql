-- record holder: how often a process has come to hold the timelines of records on a server. Whoever held them, lost the
-- connection and finds another number knows that somebody else wrote meanwhile. One row, on a server only.
create table record_holder (
  id BIGINT primary key check (id = 1),
  number BIGINT not null
);
