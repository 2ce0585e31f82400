-- ledger: how many activities each indicator was offered, evaluated on and matched, by UTC day, country and content.
create table ledger (
  content TEXT not null,    -- which rules and switches they were matched with: 16 hexadecimal digits
  day BIGINT not null,      -- days since 1970
  country TEXT not null,    -- '' where it is not known
  indicator TEXT not null,  -- its name
  offered BIGINT not null,
  evaluated BIGINT not null,
  matched BIGINT not null,
  primary key (content, day, country, indicator)
);
create table ledger_indicators (  -- those of a content, so that a count of 0 is one
  content TEXT not null,
  indicator TEXT not null,
  indicator_key BIGINT not null,
  intrusion BIGINT not null,
  primary key (content, indicator)
);
create table ledger_current (  -- one row: the content of what is stored
  id BIGINT primary key check (id = 1),
  content TEXT not null,
  decisions BIGINT not null  -- the last retroactive switch that it knows
);
