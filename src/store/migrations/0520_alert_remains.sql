-- alert_remains: what retention leaves of an alert: where its evidence ended and how it was decided, so that activities
-- that are still stored do not make it again. No score, receipt, viewer or word of anybody. Owned by src/alerts. Times are
-- microseconds since 1970.
create table alert_remains (
  policy TEXT not null,
  person BYTEA not null,
  k BIGINT not null,
  number BIGINT not null,    -- of the decision within the alert
  kind TEXT not null,        -- as alert_decisions.kind; 'expired' where nobody closed it, or once nothing rests on it
  cutoff BIGINT not null,
  at BIGINT not null,
  returned BIGINT not null,  -- 1: a second reading disagreed
  primary key (policy, person, k, number)
);
create index alert_remains_by_person on alert_remains (person);
