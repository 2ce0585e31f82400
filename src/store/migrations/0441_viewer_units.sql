-- access: the units a viewer is limited to; a viewer without a row is limited to none. A unit need not be there: then
-- nobody is in it.
create table viewer_units (
  user_name text not null references viewers (user_name),
  unit_id text not null,
  primary key (user_name, unit_id)
);

-- What was asked for: a row is never changed but for the decision about it. Times are microseconds since 1970.
create table unit_changes (
  number bigint not null primary key,  -- from 1, in the order asked for
  user_name text not null references viewers (user_name),
  units text not null,                 -- those after it, a line each, ascending; '': none
  units_before text not null,          -- those there were when it was asked
  asked_by text not null,
  reason text not null,
  asked_at bigint not null,
  decision text not null,              -- 'waits', 'agreed', 'not_needed', 'rejected', 'withdrawn', 'replaced'
  decided_by text not null,
  decided_reason text not null,
  decided_at bigint not null           -- 0: not decided
);
create index unit_changes_by_user on unit_changes (user_name, number);
