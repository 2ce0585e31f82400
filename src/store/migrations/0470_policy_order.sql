-- policies: which comes first where nothing else decides. Every policy has its row; a new one comes last. Owned by src/alerts.
create table policy_order (
  policy_id TEXT not null primary key,
  position BIGINT not null  -- ascending; gaps mean nothing
);
insert into policy_order (policy_id, position) select policy, row_number() over (order by policy) from (select distinct policy from policies) as known;
