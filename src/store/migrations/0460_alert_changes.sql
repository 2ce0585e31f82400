-- alerts: the number of each one's last change, so that whoever keeps them in memory, or tells of them, reads only what
-- moved since; and indices for what is looked for over and over.
create table alert_changes (
  only_one BIGINT not null primary key,  -- 1; no row before the first change
  last BIGINT not null,                  -- number of the last change: a transaction that writes alerts takes the next
  removed BIGINT not null                -- of the last change that took alerts away; 0 none
);
alter table alerts add column change BIGINT not null default 0;
create index alerts_by_change on alerts (change);
create index alerts_by_created on alerts (created_at);
-- An engine without statistics took the index of statuses wherever a status was asked for, and read all that waits.
drop index alerts_by_status;
drop index alerts_by_mass_event;
create index alerts_open on alerts (person) where status in ('needs_review', 'confirmed');
create index alerts_waiting_since on alerts (queued_at) where status = 'needs_review';
create index alerts_waiting_of on alerts (policy, screen_evidence_days) where status = 'needs_review';
create index alerts_held on alerts (mass_event, policy, person_hex, severity, score) where mass_event <> 0 and status = 'needs_review';
