-- case_links: which cases belong together, and why. Taken apart they stay, with who did it. Times are microseconds since
-- 1970.
create table case_links (
  link_id TEXT not null primary key,  -- 32 hexadecimal digits, random
  from_case TEXT not null references cases (case_id),  -- where it was made: a follow_up follows the other
  to_case TEXT not null references cases (case_id),
  kind TEXT not null,  -- same_incident, colluding, follow_up
  reason TEXT not null,
  linked_by TEXT not null,
  linked_at BIGINT not null,
  unlinked_by TEXT not null,  -- '': it holds
  unlinked_at BIGINT,
  unlinked_reason TEXT not null
);
create index case_links_by_from on case_links (from_case);
create index case_links_by_to on case_links (to_case);
