-- sources: silences beyond a source's habit, and what was told of them. Owned by src/ingest.
-- Times are microseconds since 1970. A row a silence: it cannot be told twice, whatever happens to the process.
create table source_silences (
  source text not null references sources (source),
  began bigint not null,        -- the last record before it
  usual bigint not null,        -- beyond which it counted as one, in microseconds
  noticed bigint not null,
  silence_told bigint,          -- null: not told yet
  ended bigint,                 -- the newest record when it spoke again; null while it is silent
  end_noticed bigint,
  end_told bigint,
  primary key (source, began)
);
