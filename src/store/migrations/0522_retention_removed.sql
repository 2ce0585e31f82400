-- retention_removed: what a run took of each kind besides activities and raw records. Added to in the transaction that
-- takes it: what a run took that was killed is counted with the next one, which has its number.
create table retention_removed (
  run BIGINT not null,     -- retention_runs.number
  kind TEXT not null,      -- organisation/retention_kinds.h
  before_day BIGINT,       -- what was over before this UTC day went; null: it is kept without end
  removed BIGINT not null,
  held BIGINT not null,    -- stayed only because of an open case or a legal hold
  primary key (run, kind)
);
