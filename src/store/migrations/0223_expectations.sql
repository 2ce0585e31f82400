-- expectations: what somebody said is expected, of whom, towards where and until when. decision as of policies: '' waits,
-- 'agreed', 'not_needed' (the people are invented ones), 'rejected'. Owned by src/alerts.
create table expectations (
  number BIGINT not null primary key,  -- from 1, in the order asked for
  person BYTEA,                        -- null: a group, or everyone the policy scores
  alert_id TEXT not null,              -- the alert it was said at, '' none
  attribute TEXT not null,             -- of the directory: department, groups, ...; '' none
  value TEXT not null,
  policy TEXT not null,                -- only under this one; '' under all
  indicators TEXT not null,            -- names, one a line; '' every one
  towards TEXT not null,               -- anything, domain, site, medium
  destinations TEXT not null,          -- one a line
  from_day BIGINT not null,            -- UTC days since 1970, both inclusive
  to_day BIGINT not null,
  because TEXT not null,
  owner TEXT not null,
  created_by TEXT not null,
  created_at BIGINT not null,          -- microseconds since 1970, as all times here
  decision TEXT not null,
  decided_by TEXT not null,
  decided_at BIGINT not null,          -- of an agreed one: from when on it holds
  decided_reason TEXT not null,
  withdrawn_by TEXT not null,
  withdrawn_at BIGINT not null,        -- 0: it was not
  withdrawn_reason TEXT not null
);
