-- cases: what a viewer did to many alerts of the queue at once, so that it can be undone. Kept for a day: the audit log has
-- it for good. Times are microseconds since 1970.
create table alert_acts (
  act_id TEXT not null primary key,  -- 32 hexadecimal digits, chosen by who asks
  user_name TEXT not null,
  kind TEXT not null,      -- dismiss, confirm, assign
  given_to TEXT not null,  -- of assign: a viewer's user name, '' nobody
  made_at BIGINT not null,
  total BIGINT not null,   -- alerts asked for
  done BIGINT not null,
  refused BIGINT not null,
  undone BIGINT not null,
  ended_at BIGINT          -- null: it is under way, or the process ended
);
create index alert_acts_by_time on alert_acts (made_at);
create table alert_act_items (
  act_id TEXT not null references alert_acts (act_id),
  alert_id TEXT not null references alerts (alert_id),
  decision BIGINT not null,      -- number of the decision among the alert's; 0 it was assigned
  given_before TEXT not null,    -- of assign: to whom it was given before
  undone BIGINT not null,        -- 1: taken back
  primary key (act_id, alert_id)
);
create index alert_act_items_by_alert on alert_act_items (alert_id);
