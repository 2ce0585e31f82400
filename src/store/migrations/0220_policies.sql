-- policies: every applied version of a policy as its YAML. Owned by src/alerts.
create table policies (
  policy TEXT not null,
  number BIGINT not null,  -- from 1 within the policy, in the order applied
  name TEXT not null,
  template TEXT not null,
  version TEXT not null,           -- hash of its content
  effective_from BIGINT not null,  -- UTC day since 1970
  applied_at BIGINT not null,
  yaml TEXT not null,
  primary key (policy, number)
);
