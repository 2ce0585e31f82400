-- record keys: which keys the records here are sealed with, as a value derived from them. One row, on a server only.
create table record_keys (
  id BIGINT primary key check (id = 1),
  mark BYTEA not null
);
