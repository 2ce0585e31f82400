-- alerts: a decision that whoever made it took back. It stays, with when and by whom; results are computed as if it had
-- not been made. Times are microseconds since 1970.
alter table alert_decisions add column undone_at BIGINT;                             -- null: it stands
alter table alert_decisions add column undone_by TEXT not null default '';           -- a viewer's user name
alter table alert_decisions add column status_before TEXT not null default '';       -- of the alert; '' decided before this column
alter table alert_decisions add column changed_before BIGINT not null default 0;     -- its changed_after_decision then
alter table alert_decisions add column told_at BIGINT;                               -- somebody outside was told; null: nobody
