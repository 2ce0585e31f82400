-- erasures: who was taken out of everything, so that they do not come back. Owned by src/profile.
-- Days are UTC days since 1970, times microseconds since 1970. Hashes are keyed, under keys that are for this alone.
create table erasures (
  erasure_id text not null primary key,  -- 32 hexadecimal digits, random; the same in every copy of the list
  number bigint not null unique,         -- from 1
  pseudonym text not null,
  person_hash bytea not null,
  last_day bigint not null,              -- what was done up to this day is kept away
  asked_by text not null,
  agreed_by text not null,               -- '': invented people, nobody had to
  reason text not null,                  -- without the person's names
  begun_at bigint not null,
  done_at bigint not null,               -- 0: under way, or its traces in files still are
  state text not null,                   -- under_way, removed, done
  found text not null,                   -- a JSON object: what there was of each kind when it began
  left_over text not null,               -- the same when it had ended: nothing
  from_list bigint not null,             -- 1: taken from another copy's list
  person_id bytea                        -- while it is under way
);
create index erasures_by_person on erasures (person_hash);
create table erased_accounts (
  erasure_id text not null references erasures (erasure_id),
  account_hash bytea not null,
  from_day bigint not null,
  to_day bigint not null,
  primary key (erasure_id, account_hash, from_day)
);
create index erased_accounts_by_hash on erased_accounts (account_hash);
-- While it is under way: what is to be taken out.
create table erasure_accounts (
  erasure_id text not null references erasures (erasure_id),
  account_id bytea not null,
  from_day bigint not null,
  to_day bigint not null,
  primary key (erasure_id, account_id, from_day)
);
