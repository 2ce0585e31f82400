-- indicator reach: what each indicator has seen in what is stored, as it was counted last; nothing that fewer than ten
-- people did. Owned by src/ingest. Days are days since 1970.
create table indicator_reach (
  indicator text not null primary key,  -- its name
  matched bigint not null,              -- 0, 1: anything that is stored
  many bigint not null,                 -- 0, 1: ten people or more in the days counted
  hit_days bigint,                      -- of the days counted; null when not many
  last_hit bigint                       -- null when not many
);
create table indicator_reach_counted (  -- one row
  id bigint primary key check (id = 1),
  counted_at bigint not null            -- microseconds since 1970
);
