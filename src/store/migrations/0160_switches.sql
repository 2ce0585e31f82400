-- switches: which indicators may be evaluated, for whom, from which day; every decision ever taken, never changed.
create table switches (
  number BIGINT primary key,   -- of two that fit, the greater one holds
  indicator TEXT not null,     -- its name
  is_on BIGINT not null,       -- 0, 1
  country TEXT not null,       -- '' for all
  group_name TEXT not null,    -- lower case, '' for all
  from_day BIGINT not null,    -- first UTC day it holds for; days since 1970
  agreement TEXT not null,     -- '' where none is needed
  set_at BIGINT not null,      -- microseconds since 1970
  set_by TEXT not null
);
