-- profile: which account a fact is about, what an account's name says of itself, and what directory exports told.
-- facts.account_id: of facts of the kind account only, whose person_id is whose the account is from valid_from to valid_to.
alter table facts add column account_id bytea;
create index facts_by_account on facts (account_id);

-- base_id: the account without the tag of plus-addressing (ada+news@ -> ada@), null when there is no tag.
-- domain_id: keyed hash of the name's domain, or of "@guid" for a GUID; null for other names.
alter table accounts add column base_id bytea;
alter table accounts add column domain_id bytea;
create index accounts_by_base on accounts (base_id);
create index accounts_by_domain on accounts (domain_id);

-- One row an entry of a directory, by the id that the directory itself has for it (keyed hash). number_id: the employee
-- number (keyed hash), by which a rehire is known again. left_on: the first day it was missing from a full export.
create table directory_entries (
  source text not null,
  entry_id bytea not null,
  person_id bytea not null references people (person_id),
  number_id bytea,
  left_on bigint,
  primary key (source, entry_id)
);
create index directory_entries_by_person on directory_entries (person_id);
create index directory_entries_by_number on directory_entries (source, number_id);

-- Domains whose addresses a directory lists as its own people's (keyed hash, as accounts.domain_id).
create table directory_domains (
  domain_id bytea primary key
);

-- The last export taken of each source. known_since: microseconds since 1970.
create table directory_imports (
  source text primary key,
  known_since bigint not null
);

-- Whole display names, folded, as keyed hashes: a person is found by the whole name or not at all.
create table directory_names (
  name_id bytea not null,
  person_id bytea not null references people (person_id),
  primary key (name_id, person_id)
);
