-- access: viewers who sign in with the identity provider. subject: keyed BLAKE2b-256 of issuer and subject, by which
-- they are known whatever they are called. display_name: sealed.
create table provider_accounts (
  user_name text primary key references viewers (user_name),
  subject bytea not null unique,
  issuer text not null,
  display_name bytea not null,
  first_sign_in bigint not null
);

-- What the provider said of a session. sid: keyed BLAKE2b-256 of issuer and the provider's session; null where it names
-- none. id_token: sealed; null where it is too long to hand back. second_factor: 1 where one was used there.
create table provider_sessions (
  session_id text primary key,
  user_name text not null references viewers (user_name),
  sid bytea,
  id_token bytea,
  second_factor bigint not null
);
create index provider_sessions_by_sid on provider_sessions (sid);

-- Ids of logout tokens, hashed alike, until they may be forgotten (microseconds since 1970).
create table provider_logouts (
  token_id bytea primary key,
  until bigint not null
);
