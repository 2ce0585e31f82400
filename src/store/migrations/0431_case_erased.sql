-- cases: of one about somebody who was erased a stub stays, without the person. erased_on: UTC day since 1970; null: it
-- was not.
alter table cases add column erased_on bigint;
