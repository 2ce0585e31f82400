-- case evidence: uploaded files, name and bytes sealed (src/cases/evidence.cc).
create table case_evidence (
  case_id TEXT not null references cases (case_id),
  number BIGINT not null,  -- from 1 within the case
  at BIGINT not null,
  viewer TEXT not null,
  sealed_name BYTEA not null,
  size BIGINT not null,  -- bytes
  sha256 TEXT not null,  -- of the bytes as uploaded, 64 hexadecimal digits
  primary key (case_id, number)
);
create table case_evidence_parts (
  case_id TEXT not null,
  number BIGINT not null,
  part BIGINT not null,  -- from 0; each but the last holds 1 MiB
  sealed BYTEA not null,
  primary key (case_id, number, part),
  foreign key (case_id, number) references case_evidence (case_id, number)
);
