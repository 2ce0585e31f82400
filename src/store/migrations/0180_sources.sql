-- sources: health of each source of raw records, and what was taken of followed folders. Owned by src/ingest.
-- Times are microseconds since 1970. feed: how records last came: 'files', 'folder', 'requests'.
create table sources (
  source text primary key,
  feed text not null,
  first_received bigint not null,
  last_received bigint not null,
  last_created bigint  -- the newest instant a record itself names
);

-- Counts by hour (since 1970) of arrival. what: 'records', 'stored', ..., 'rejected REASON', 'created BUCKET',
-- 'delay BUCKET' are sums; 'pause' is the longest time between two arrivals that ended in that hour, in microseconds.
-- Hour 0 holds the sums of all hours, also of those no longer kept.
create table source_hours (
  source text not null references sources (source),
  hour bigint not null,
  what text not null,
  amount bigint not null,
  primary key (source, hour, what)
);
create index source_hours_by_hour on source_hours (hour);

-- Pauses that were longer than the source's habit at that time.
create table source_gaps (
  source text not null references sources (source),
  began bigint not null,
  ended bigint not null,
  usual bigint not null,  -- the longest pause that was in its habit then
  primary key (source, began)
);

-- One row a file of a followed folder: how it was when it was last taken, and how far.
create table followed_files (
  source text not null,
  file_key text not null,  -- device and inode
  size bigint not null,
  mtime bigint not null,     -- nanoseconds
  checkpoint text not null,  -- of its last batch that is on disk
  complete bigint not null,
  fault text not null,       -- id of the error that ended its reading, or ''
  last_seen bigint not null,
  primary key (source, file_key)
);
