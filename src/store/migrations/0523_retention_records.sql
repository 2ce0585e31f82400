-- retention_folder: the day from which on alerts, cases, requests and messages have a time. What a folder of an older
-- Candor held is kept as long from that day on.
alter table retention_folder add column records_began BIGINT;  -- UTC day; days since 1970; null: no run yet
