-- requests: looks that need a second person's yes: a report on what somebody did, a recording of their screen. decision
-- as of expectations: '' waits, 'agreed', 'not_needed' (the people are invented ones), 'rejected'. Owned by src/cases.
create table requests (
  number BIGINT not null primary key,  -- from 1, in the order asked for
  kind TEXT not null,                  -- activity_report, screen_evidence
  person BYTEA not null,
  alert_id TEXT not null,              -- the alert it was asked at, '' none
  case_id TEXT not null,               -- the case it was asked in, '' none
  policy TEXT not null,                -- the policy that asks, '' a person did
  from_day BIGINT not null,            -- UTC days since 1970, both inclusive
  to_day BIGINT not null,
  reason TEXT not null,
  milder TEXT not null,                -- why what shows less is not enough
  asked_by TEXT not null,              -- '' where a policy asks
  asked_at BIGINT not null,            -- microseconds since 1970, as all times here
  decision TEXT not null,
  decided_by TEXT not null,
  decided_at BIGINT not null,
  decided_reason TEXT not null,
  open_until BIGINT not null,          -- last day on which what was agreed to may be used
  withdrawn_by TEXT not null,
  withdrawn_at BIGINT not null,        -- 0: it was not
  withdrawn_reason TEXT not null
);
create index requests_by_person on requests (person);
create index requests_by_alert on requests (alert_id);
