-- scoring requests: who asked on the pages for somebody to be scored by hand, and who agreed; what was agreed to is a fact
-- of the kind scoring_start. Owned by src/cases. Times are microseconds since 1970.
create table scoring_requests (
  number bigint not null primary key,  -- from 1, in the order asked for
  person bytea not null,
  policy text not null,                -- its id
  days bigint not null,                -- from the day it is agreed to, 1 to 90
  reason text not null,                -- without the person's names
  asked_by text not null,
  asked_at bigint not null,
  decision text not null,              -- '' waits, 'agreed', 'not_needed', 'rejected', 'replaced' by a later one
  decided_by text not null,
  decided_reason text not null,
  decided_at bigint not null           -- 0: not decided
);
create index scoring_requests_by_person on scoring_requests (person);
