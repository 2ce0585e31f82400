-- access: the signed end of the audit chain, apart from its milestones: a milestone must not pass for an end. One row.
create table audit_end (
  id bigint primary key,
  number bigint not null,
  hash bytea not null,
  signature bytea not null
);
delete from audit_checkpoints where number % 100 <> 0;
