-- exports with pseudonyms of their own: each number makes other ones. Nobody who is watched is in it: `recipient` has
-- the names of whom the export is about masked. Never changed. Owned by src/access. Times are microseconds since 1970.
create table own_exports (
  number BIGINT not null primary key,  -- from 1, without gaps
  made_at BIGINT not null,
  made_by TEXT not null,    -- a viewer's user name, or local/ACCOUNT
  what TEXT not null,       -- "activities", "audit", ...
  recipient TEXT not null   -- who gets it and what for, as whoever made it says
);
