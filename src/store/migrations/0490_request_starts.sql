-- requests: what a trace begins with. The text is sealed, bound to number and kind. Owned by src/cases.
create table request_starts (
  number BIGINT not null primary key,  -- of the request
  kind TEXT not null,                  -- file, hash, document, label, site, domain, activity
  sealed BYTEA not null
);
