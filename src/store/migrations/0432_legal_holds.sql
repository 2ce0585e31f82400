-- legal holds: of whom nothing may go, whatever retention and erasure say. Owned by src/cases. Times are microseconds
-- since 1970.
create table legal_holds (
  number bigint not null primary key,  -- from 1
  person bytea not null,
  reason text not null,                -- without the person's names
  placed_by text not null,
  placed_at bigint not null,
  released_by text not null,           -- '': it holds
  released_at bigint not null,         -- 0: it holds
  released_reason text not null
);
create index legal_holds_by_person on legal_holds (person);
