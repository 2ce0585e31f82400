-- case notices: what was written to the person of a case (src/cases/notices.cc). Only ever added to.
create table case_notices (
  case_id text not null references cases (case_id),
  number bigint not null,  -- from 1 within the case
  at bigint not null,
  viewer text not null,
  template text not null,    -- id of content/notices
  title text not null,       -- as it was then
  sealed bytea not null,     -- subject and text as they went
  message_id text not null,  -- of outbox_messages; its row may be gone
  primary key (case_id, number)
);
