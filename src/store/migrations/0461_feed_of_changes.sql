-- cases, the feed of decisions: up to which change of alerts each follower was told of high ones
-- (src/cases/decision_feed.cc).
alter table feed_followers add column alerts_upto BIGINT not null default -1;
