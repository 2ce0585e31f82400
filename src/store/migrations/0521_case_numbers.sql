-- cases: the highest number of a kind that retention took away, so that no number is ever given twice. Owned by src/cases.
create table case_numbers (
  kind TEXT not null primary key,  -- case, request, scoring_request
  last BIGINT not null
);
