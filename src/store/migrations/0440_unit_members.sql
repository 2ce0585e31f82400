-- access: administrative units and who is in them today. Made from content/units.yml and the directory's facts, and made
-- again as either changes: nothing is decided here. rule: as it was when the members were found.
create table units (
  unit_id text not null primary key,
  rule text not null
);
create table unit_members (
  unit_id text not null,
  person_id bytea not null,
  person_hex text not null,
  pseudonym text not null,
  primary key (unit_id, person_id)
);
create index unit_members_by_person on unit_members (person_id);
create index unit_members_by_pseudonym on unit_members (pseudonym);

-- What the members were found from: name is 'day' (since 1970), 'facts' (the last change of them) or 'rules'.
create table unit_state (
  name text not null primary key,
  value text not null
);
