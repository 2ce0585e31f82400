-- cases: one person, many alerts; notes, tasks, contributors, and the history of everything done. Times are microseconds
-- since 1970. Notes and history are only ever added to.
create table cases (
  case_id TEXT not null primary key,  -- 32 hexadecimal digits, random
  number BIGINT not null unique,      -- from 1, for people to say
  person BYTEA not null,
  person_hex TEXT not null,  -- the same as text, to leave out many at once in SQL both engines know
  title TEXT not null,
  reason TEXT not null,
  state TEXT not null,  -- open, closed
  owner TEXT not null,
  opened_by TEXT not null,
  opened_at BIGINT not null,
  updated_at BIGINT not null,
  resolution TEXT not null,  -- of the last closing, '' before the first: benign, confirmed_policy_violation
  action TEXT not null,
  closing_text TEXT not null,
  closed_by TEXT not null,
  closed_at BIGINT
);
create index cases_by_person on cases (person);
create index cases_by_state on cases (state, updated_at);
create table case_alerts (
  alert_id TEXT not null primary key references alerts (alert_id),  -- in one case at most
  case_id TEXT not null references cases (case_id),
  added_by TEXT not null,
  added_at BIGINT not null
);
create index case_alerts_by_case on case_alerts (case_id, added_at);
create table case_contributors (
  case_id TEXT not null references cases (case_id),
  user_name TEXT not null,
  added_by TEXT not null,
  added_at BIGINT not null,
  primary key (case_id, user_name)
);
create index case_contributors_by_user on case_contributors (user_name);
create table case_notes (
  case_id TEXT not null references cases (case_id),
  number BIGINT not null,  -- from 1 within the case, as all numbers below
  at BIGINT not null,
  viewer TEXT not null,
  text TEXT not null,
  primary key (case_id, number)
);
create table case_tasks (
  case_id TEXT not null references cases (case_id),
  number BIGINT not null,
  at BIGINT not null,
  viewer TEXT not null,
  text TEXT not null,
  due BIGINT,  -- day since 1970
  assigned TEXT not null,  -- '': nobody
  done_by TEXT not null,   -- '': not done
  done_at BIGINT,
  primary key (case_id, number)
);
create table case_history (
  case_id TEXT not null references cases (case_id),
  number BIGINT not null,
  at BIGINT not null,
  viewer TEXT not null,
  act TEXT not null,    -- opened, alert_added, note_added, ...
  about TEXT not null,  -- id of the alert, number of the note, name of the viewer
  text TEXT not null,   -- what was said
  primary key (case_id, number)
);
