-- alerts of policies that ask for a recording of the screen: days of it, 0 for all others. They stand among the requests
-- and not in the queue. Owned by src/alerts.
alter table alerts add column screen_evidence_days BIGINT not null default 0;
create index alerts_for_requests on alerts (policy) where screen_evidence_days <> 0;
