-- assessment: what people add to the four weeks their peers are compared by, and what all of it comes to. Owned by src/assessment.
create table peer_shares (
  person BYTEA not null,
  period BIGINT not null,  -- its first UTC day (since 1970)
  share BYTEA not null,    -- policy/peers.h: PeerShare; without numbers for weeks in which the person did nothing
  primary key (person, period)
);
create index peer_shares_period on peer_shares (period);
create table peer_periods (
  period BIGINT not null primary key,
  tally BYTEA not null,  -- the sum of the shares
  told BYTEA not null    -- that sum as everybody it is about was last marked for assessment
);
