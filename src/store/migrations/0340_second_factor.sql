-- access: second factors of viewers (RFC 6238). secret: 20 bytes, sealed with a key of the installation. confirmed: null
-- until a code was given; until then it counts for nothing. last_step: the newest 30-second step a code was taken of;
-- none of it or before it is taken again.
create table second_factors (
  user_name text primary key references viewers (user_name),
  secret bytea not null,
  begun bigint not null,
  confirmed bigint,
  last_step bigint not null
);

-- code_hash: keyed BLAKE2b-256 of user and code. used: null while it may still be used.
create table recovery_codes (
  user_name text not null references viewers (user_name),
  code_hash bytea not null,
  used bigint,
  primary key (user_name, code_hash)
);
