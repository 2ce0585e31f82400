-- alerts: to whom an alert was given to work on, and whether it is in a case: kept beside the alert, because the queue is
-- filtered by both. What a case is, is told by case_alerts.
alter table alerts add column assigned TEXT not null default '';    -- a viewer's user name; '' nobody
alter table alerts add column in_case BIGINT not null default 0;    -- 1: it is in one
update alerts set in_case = 1 where alert_id in (select alert_id from case_alerts);
