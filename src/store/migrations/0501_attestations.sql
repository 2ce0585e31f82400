-- attestations: each as it was made and signed. Nobody who is watched is in it. Days are days since 1970, times
-- microseconds. Owned by src/disclosure.
create table attestations (
  number BIGINT not null primary key,  -- from 1, without gaps
  country TEXT not null,
  from_day BIGINT not null,
  to_day BIGINT not null,
  made_at BIGINT not null,
  made_by TEXT not null,  -- a viewer's user name, or local/ACCOUNT
  statement TEXT not null  -- src/access/signed_statement.h
);
