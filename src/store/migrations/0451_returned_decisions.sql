-- alerts: when somebody who read a dismissal a second time disagreed, which put the alert back into the queue.
-- Microseconds since 1970; null: nobody did. Such a dismissal is no longer one that only stronger evidence passes.
alter table alert_decisions add column returned_at BIGINT;
