-- access: where a viewer gets mail of Candor (src/access/viewer_mail.cc).
create table viewer_mail (
  user_name text not null primary key,
  sealed bytea not null,  -- the address
  changed bigint not null
);
