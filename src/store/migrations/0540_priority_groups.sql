-- access: priority groups lie among the units; whoever is in one is seen by its reviewers only. priority: 1, or 0 for a unit.
alter table units add column priority bigint not null default 0;

-- The priority groups a viewer reviews. A group need not be there.
create table group_reviewers (
  user_name text not null references viewers (user_name),
  group_id text not null,
  primary key (user_name, group_id)
);

-- A change is one of both: what a viewer is limited to, and what the viewer reviews; groups as units.
alter table unit_changes add column reviews text not null default '';
alter table unit_changes add column reviews_before text not null default '';
