-- retention_folder: one row. What happened before a folder was made is its back file, kept from that day on.
create table retention_folder (
  id BIGINT primary key check (id = 1),
  began BIGINT not null  -- UTC day it was made; days since 1970
);
-- retention_runs: one row for each run of retention that found something to remove, or was the day's first.
create table retention_runs (
  number BIGINT primary key,          -- from 1
  at BIGINT not null,                 -- microseconds since 1970
  day BIGINT not null,                -- UTC day it ran for
  from_day BIGINT not null,           -- activities of days from_day ..
  before_day BIGINT not null,         -- .. up to the one before before_day went
  raw_before BIGINT not null,         -- raw records that arrived before this day went
  activities BIGINT not null,         -- that went
  accounts BIGINT not null,           -- of which nothing was left
  raw_records BIGINT not null,
  held_people BIGINT not null,        -- with an open alert
  held_activities BIGINT not null,    -- that stayed only for that
  held_raw_records BIGINT not null
);
