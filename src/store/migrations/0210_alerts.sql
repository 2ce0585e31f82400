-- alerts: one row an alert, (policy, person, k); every revision it was shown in; what people decided and said.
create table alerts (
  alert_id TEXT not null primary key,  -- 32 hexadecimal digits: digest of (policy, person, k)
  policy TEXT not null,
  policy_name TEXT not null,
  person BYTEA not null,
  person_hex TEXT not null,  -- the same as text, to search many at once in SQL both engines know
  k BIGINT not null,
  status TEXT not null,
  severity BIGINT not null,  -- 0 none, 1 low, 2 medium, 3 high
  score BIGINT not null,     -- millionths of a point
  day BIGINT not null,       -- of the highest score; days since 1970
  first_day BIGINT not null,
  last_day BIGINT not null,
  evidence_until BIGINT not null,  -- microseconds since 1970, as all times here
  changed_after_decision BIGINT not null,
  created_at BIGINT not null,
  updated_at BIGINT not null,
  revision BIGINT not null,
  unique (policy, person, k)
);
create index alerts_by_person on alerts (person);
create index alerts_by_status on alerts (status, score);
create table alert_revisions (
  alert_id TEXT not null references alerts (alert_id),
  revision BIGINT not null,
  known_at BIGINT not null,
  as_of BIGINT not null,  -- H
  kind TEXT not null,     -- raised, revised, withdrawn, raised again
  reason TEXT not null,
  severity BIGINT not null,
  score BIGINT not null,
  receipt TEXT not null,  -- policy/receipt_json.h
  primary key (alert_id, revision)
);
create table alert_decisions (
  alert_id TEXT not null references alerts (alert_id),
  number BIGINT not null,  -- from 1 within the alert
  kind TEXT not null,      -- confirmed, dismissed, resolved, expired
  reason TEXT,
  note TEXT not null,
  viewer TEXT,             -- null: Candor itself
  at BIGINT not null,
  cutoff BIGINT not null,  -- latest activity its viewer was shown
  primary key (alert_id, number)
);
create table alert_comments (
  alert_id TEXT not null references alerts (alert_id),
  number BIGINT not null,
  at BIGINT not null,
  viewer TEXT not null,
  text TEXT not null,
  primary key (alert_id, number)
);
