-- exclusions: of how many stored activities each left a match out, as it was counted last.
create table exclusion_counts (
  exclusion TEXT not null,  -- its name
  indicator TEXT not null,
  activities BIGINT not null,
  last_day BIGINT,          -- days since 1970
  primary key (exclusion, indicator)
);
