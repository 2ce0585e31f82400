-- assessment: who must be assessed again, and what the last run had seen. Owned by src/assessment.
create table assessment_pending (
  person BYTEA not null primary key,
  due BIGINT not null,  -- first UTC day (since 1970) on which to assess; 0: at once
  mark BIGINT not null  -- grows with each mark, so that a run forgets only what it has seen
);
create table assessment_state (
  name TEXT not null primary key,  -- policies, facts, as_of
  value TEXT not null
);
