-- record holding: what the process that holds the timelines says of itself to processes beside it. One row, on a server
-- only; the token is new at each of its starts.
create table record_holding (
  id BIGINT primary key check (id = 1),
  token BYTEA not null,
  version TEXT not null,
  content TEXT not null,
  data_kind TEXT not null,
  secure_cookies BIGINT not null
);
