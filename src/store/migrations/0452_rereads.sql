-- rereads: dismissals that are read a second time by somebody who does not know of the first reading. Owned by src/cases.
create table rereads (
  alert_id TEXT not null references alerts (alert_id),
  decision BIGINT not null,     -- the dismissal's number among the alert's decisions
  revision BIGINT not null,     -- of the alert, as whoever dismissed it was shown it
  decided_by TEXT not null,     -- a viewer's user name, as all below
  chosen_at BIGINT not null,    -- microseconds since 1970
  due BIGINT not null,          -- UTC day since 1970
  answer TEXT not null,         -- '' nobody has; dismiss, confirm
  reason TEXT not null,
  answered_by TEXT not null,
  answered_at BIGINT,
  primary key (alert_id, decision)
);
create index rereads_by_answer on rereads (answer, due);
