-- outbox: what leaves by mail or webhook, one row for each message and receiver. Owned by src/outbox. Times are
-- microseconds since 1970. Who it goes to and what it says is sealed, and gone once nothing needs it any more.
create table outbox_messages (
  message_id text not null primary key,  -- 32 hexadecimal digits, random; the Message-ID of a mail
  kind text not null,                    -- notice, notice_test, ...
  channel text not null,                 -- mail, webhook
  sealed bytea,                          -- address, names, subject, text (src/outbox/outbox.cc); null: no longer kept
  state text not null,                   -- waiting, sent, failed
  made bigint not null,
  attempts bigint not null,
  interrupted bigint not null,           -- attempts nobody knows the outcome of: the process ended in them
  sending bigint not null,               -- 1 while an attempt is under way
  next_attempt bigint not null,
  last_attempt bigint,                   -- null: none yet
  settled bigint,                        -- when it was sent or given up
  answer text not null                   -- the receiver's last one, addresses taken out; '' none yet
);
create index outbox_messages_by_turn on outbox_messages (state, channel, next_attempt);
create index outbox_messages_by_attempt on outbox_messages (channel, last_attempt);
create index outbox_messages_by_age on outbox_messages (state, settled);
