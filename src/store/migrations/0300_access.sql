-- access: viewers, their sessions and liftings, and the audit chain. Times are microseconds since 1970.
-- password: libsodium's argon2id text. one_time: it was given out by Candor and must be changed.
create table viewers (
  user_name text primary key,
  role text not null,
  password text not null,
  one_time bigint not null,
  last_sign_in bigint
);

-- token_hash: BLAKE2b-256 of the token. id: for lists, tells nothing about the token.
create table sessions (
  token_hash bytea primary key,
  id text not null unique,
  user_name text not null references viewers (user_name),
  started bigint not null,
  last_seen bigint not null
);
create index sessions_by_user on sessions (user_name);

-- who: keyed hash of what was typed as user name, which may be a password typed in the wrong field.
create table sign_in_failures (
  who bytea primary key,
  failures bigint not null,
  last_failure bigint not null
);
create index sign_in_failures_by_time on sign_in_failures (last_failure);

create table lifts (
  lift_id text primary key,
  person_id bytea not null references people (person_id),
  alert text not null,
  reason text not null,
  user_name text not null references viewers (user_name),
  begins bigint not null,
  ends bigint not null
);
create index lifts_by_user on lifts (user_name, ends);
create index lifts_by_end on lifts (ends);

-- Append-only. hash covers the hash before and all other columns (docs/reference/audit-log.md).
create table audit_lines (
  number bigint primary key,
  at bigint not null,
  user_name text not null,
  action text not null,
  object_kind text not null,
  object_id text not null,
  alert text not null,
  pseudonym text not null,
  reason text not null,
  details text not null,
  hash bytea not null
);
create index audit_lines_by_alert on audit_lines (alert, number);
create index audit_lines_by_user on audit_lines (user_name, number);
create index audit_lines_by_action on audit_lines (action, number);
create index audit_lines_by_time on audit_lines (at);

-- Signed ends of the chain: every hundredth line and the newest.
create table audit_checkpoints (
  number bigint primary key,
  hash bytea not null,
  signature bytea not null
);
