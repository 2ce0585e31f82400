-- views of the queue that viewers saved, and how each viewer has the queue. Nobody is named: a filter holds a pseudonym
-- at most. Owned by src/cases. Times are microseconds since 1970.
create table queue_views (
  view_id TEXT not null primary key,  -- 32 hexadecimal digits
  owner TEXT not null,                -- a viewer's user name
  name TEXT not null,
  shared BIGINT not null,             -- 1: for whoever may read alerts
  query TEXT not null,                -- as the page's address has it, without the page: "view=all&severity=high"
  pseudonym TEXT not null,            -- that the query holds, "" none
  columns TEXT not null,              -- "severity,score,policy", in their order
  changed_at BIGINT not null
);
create unique index queue_views_by_name on queue_views (owner, name);
create index queue_views_shared on queue_views (shared, name);

create table queue_choices (
  user_name TEXT not null primary key,
  columns TEXT not null,    -- "" the usual ones
  opens_with TEXT not null  -- the view the queue opens with, "" none
);
