-- cases, the feed of decisions: how far each follower was told (src/cases/decision_feed.cc).
create table feed_followers (
  follower text not null primary key,  -- name of a webhook
  upto bigint not null                 -- number of the last line of the audit log it was told of
);
create table feed_alerts (
  follower text not null,
  alert_id text not null,
  severity bigint not null,  -- the highest it was told of
  primary key (follower, alert_id)
);
