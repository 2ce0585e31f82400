-- source tokens: what may send records of one source, or read the metrics (source ''). Owned by src/access.
-- token_hash: keyed BLAKE2b-256 of the whole token. Times are microseconds since 1970; expires, last_used, revoked may
-- be null.
create table source_tokens (
  token_id text primary key,
  source text not null,
  token_hash bytea not null,
  created_by text not null,
  created bigint not null,
  expires bigint,
  last_used bigint,
  revoked bigint
);
create index source_tokens_by_source on source_tokens (source);
