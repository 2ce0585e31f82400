-- source streams: which kinds of records each source delivers, so that an indicator can say whether it is fed. Owned by
-- src/ingest. stream: 'm365_audit 25' (a record type of the Microsoft 365 audit log), 'badge', or the name of a feed.
-- Times are microseconds since 1970.
create table source_streams (
  source text not null references sources (source),
  stream text not null,
  first_received bigint not null,
  last_received bigint not null,
  primary key (source, stream)
);

-- How long records took from their own time to their arrival, by day (since 1970) of arrival: how many in each bucket.
create table source_stream_days (
  source text not null,
  stream text not null,
  day bigint not null,
  bucket bigint not null,
  amount bigint not null,
  primary key (source, stream, day, bucket)
);
create index source_stream_days_by_day on source_stream_days (day);
