-- evaluated_versions: what the page "What is evaluated here" said, each time that changed. Nobody is in it. Owned by
-- src/disclosure.
create table evaluated_versions (
  number BIGINT not null primary key,  -- from 1, without gaps
  since BIGINT not null,  -- microseconds since 1970
  hash TEXT not null,  -- SHA-256 of the documents, 64 hexadecimal digits
  statement TEXT not null  -- the documents, signed (src/access/signed_statement.h)
);
