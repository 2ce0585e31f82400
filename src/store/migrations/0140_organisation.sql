-- organisation: dated facts about the organisation itself, with all their versions.
-- fact_id: keyed hash of kind, what it is about and its first day. sealed_fact: attributes and source, sealed with the key
-- "organisation", fact_id and version as context. Days since 1970, null: open; known_since: microseconds since 1970.
create table organisation_facts (
  fact_id text not null,
  version bigint not null,
  kind text not null,
  valid_from bigint,
  valid_to bigint,
  known_since bigint not null,
  withdrawn bigint not null,
  sealed_fact bytea not null,
  primary key (fact_id, version)
);
