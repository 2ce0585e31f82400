-- organisation: changes of lists (domains, labels, detection groups, exclusions) besides what the files of content say.
-- A row is never changed but for the decision about it. Owned by src/organisation. Times are microseconds since 1970.
create table list_changes (
  number bigint not null primary key,  -- from 1, in the order asked for
  list text not null,                  -- "domains", "detection_groups"
  sealed_edits bytea not null,         -- JSON {"set": {name: entry}, "remove": [name]}; key "organisation", the number as context
  sealed_before bytea,                 -- the same, as it would take the change back; null: it does not hold
  entries_set bigint not null,         -- how many entries the edits write
  entries_removed bigint not null,     -- and take out
  undoes bigint not null,              -- the change it takes back; 0: none
  asked_by text not null,
  reason text not null,
  asked_at bigint not null,
  decision text not null,              -- '' waits, 'agreed', 'not_needed', 'rejected', 'withdrawn'
  decided_by text not null,
  decided_reason text not null,
  decided_at bigint not null           -- 0: not decided
);
create index list_changes_by_list on list_changes (list, number);
