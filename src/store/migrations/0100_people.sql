-- profile: people, the accounts that are theirs, and dated facts about them.
create table people (
  person_id bytea primary key
);

-- sealed_name: the normalised account name, sealed with the key "identity", the account id as context.
create table accounts (
  account_id bytea primary key,
  person_id bytea not null references people (person_id),
  sealed_name bytea not null
);
create index accounts_by_person on accounts (person_id);

-- One row a version. change: ascending over all facts, so that others learn whose facts changed since they looked.
-- sealed_attributes: sealed with the key "facts", fact_id and version as context. Days since 1970, microseconds since 1970.
create table facts (
  fact_id text not null,
  version bigint not null,
  person_id bytea not null references people (person_id),
  kind bigint not null,
  valid_from bigint not null,
  valid_to bigint,
  known_since bigint not null,
  occurred bigint,
  withdrawn bigint not null,
  source text not null,
  sealed_attributes bytea not null,
  change bigint not null,
  primary key (fact_id, version)
);
create index facts_by_person on facts (person_id);
create index facts_by_change on facts (change);

create table fact_counter (
  id bigint primary key,
  last bigint not null
);
insert into fact_counter (id, last) values (1, 0);
