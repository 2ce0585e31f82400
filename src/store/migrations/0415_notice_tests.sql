-- case notices: which viewer had one sent to themselves, and when (src/cases/notices.cc). Of the last hour only.
create table case_notice_tests (
  viewer text not null,
  case_id text not null,
  at bigint not null,
  primary key (viewer, case_id, at)
);
