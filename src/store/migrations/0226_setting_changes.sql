-- settings: what was asked for besides what settings.yml says. A row is never changed but for the decision about it.
-- Owned by src/organisation. Times are microseconds since 1970.
create table setting_changes (
  number bigint not null primary key,  -- from 1, in the order asked for
  setting text not null,               -- "retention.raw_days"
  value text,                          -- as the file would say it; null: what the file says
  asked_by text not null,
  reason text not null,
  asked_at bigint not null,
  decision text not null,              -- '' waits, 'agreed', 'not_needed', 'rejected', 'withdrawn', 'replaced'
  decided_by text not null,
  decided_reason text not null,
  decided_at bigint not null           -- 0: not decided
);
