-- outbox: whose turn it is. Owned by src/outbox.
alter table outbox_messages add column receiver text not null default '';  -- webhook: its name; mail: ''
alter table outbox_messages add column behind bigint not null default 0;   -- 1: goes only when nothing else waits
create index outbox_messages_by_order on outbox_messages (state, channel, behind, next_attempt);
