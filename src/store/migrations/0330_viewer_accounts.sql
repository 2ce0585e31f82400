-- access: accounts that an administrator said are a viewer's own, besides the one the user name names. account_id need
-- not be known yet: what it does is seen when it acts.
create table viewer_accounts (
  user_name text not null references viewers (user_name),
  account_id bytea not null,
  linked_by text not null,
  linked_at bigint not null,
  primary key (user_name, account_id)
);
