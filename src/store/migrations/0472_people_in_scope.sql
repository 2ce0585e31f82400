-- people in scope: which policies look at whom, why, and on which days, as the last assessment found; made anew by the
-- next one. Owned by src/alerts. Days are UTC days since 1970.
create table people_in_scope (
  person_hex TEXT not null,  -- as alerts.person_hex
  policy TEXT not null,      -- its id
  trigger_id TEXT not null,  -- within the policy, or by_hand
  from_day BIGINT not null,
  since BIGINT not null,     -- day of the first thing that triggered it
  to_day BIGINT not null,
  primary key (person_hex, policy, trigger_id, from_day)
);
create index people_in_scope_by_day on people_in_scope (to_day);
-- Where people were assessed before this was kept, all are once more.
insert into assessment_state (name, value) select 'everybody', '1' from assessment_state where name = 'policies' on conflict (name) do update set value = cast(cast(assessment_state.value as bigint) + 1 as text);
