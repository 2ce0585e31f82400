-- access: tokens with which a viewer's own programs ask. permissions: names with blanks between; the role's of that
-- moment count besides. token_hash: keyed BLAKE2b-256 of the whole token. Times are microseconds since 1970.
create table viewer_tokens (
  token_id text primary key,
  user_name text not null references viewers (user_name),
  name text not null,
  permissions text not null,
  token_hash bytea not null,
  created bigint not null,
  expires bigint not null,
  last_used bigint,
  revoked bigint
);
create index viewer_tokens_by_user on viewer_tokens (user_name, created);
