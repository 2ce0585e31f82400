-- packs: which were applied together, by whom, and with what. Owned by src/packs. Times are microseconds since 1970.
create table pack_applications (
  number BIGINT not null primary key,  -- from 1, in the order applied
  packs TEXT not null,                 -- ids, ascending, a blank between
  lawful_start TEXT not null,          -- the section given to policies; '' none
  agreement TEXT not null,             -- named for what is switched on; '' none
  retention BIGINT not null,           -- 1: shorter times were asked for
  applied_by TEXT not null,
  reason TEXT not null,
  applied_at BIGINT not null
);
