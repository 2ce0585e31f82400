-- policies: what each version is (active, paused, retired), who asked for it, who agreed. decision: '' waits, 'agreed',
-- 'not_needed' (nobody new is looked at), 'rejected', 'replaced' by a later request.
alter table policies add column act TEXT not null default 'active';
alter table policies add column asked_by TEXT not null default '';
alter table policies add column reason TEXT not null default '';
alter table policies add column decision TEXT not null default '';
alter table policies add column decided_by TEXT not null default '';
alter table policies add column decided_at BIGINT not null default 0;
alter table policies add column decided_reason TEXT not null default '';
