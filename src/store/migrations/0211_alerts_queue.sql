-- alerts: when one last entered the queue, and which revision each decision was made on.
alter table alerts add column queued_at BIGINT not null default 0;
update alerts set queued_at = case when status = 'needs_review' then updated_at else created_at end;
alter table alert_decisions add column revision BIGINT not null default 1;
update alert_decisions set revision = coalesce((select max(r.revision) from alert_revisions r where r.alert_id = alert_decisions.alert_id and r.known_at <= alert_decisions.at), 1);
