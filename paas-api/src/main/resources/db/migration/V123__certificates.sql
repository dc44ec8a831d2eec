-- The number of the certificates that the router got last.
alter table route_tables add column certificates bigint default 0 not null;

-- Certificates of apps: those that people added and those that an authority issued. The key is sealed (Seal).
create table certificates (
  app         varchar(39) not null references apps (name) on delete cascade,
  fingerprint varchar(64) not null,
  chain       varchar(40000) not null,
  sealed      varchar(20000) not null,
  issued      boolean not null,
  created_by  varchar(39) not null,
  created_at  timestamp with time zone not null,
  primary key (app, fingerprint)
);

-- Accounts with authorities, by their directories.
create table acme_accounts (
  directory varchar(500) not null primary key,
  location  varchar(1000) not null,
  sealed    varchar(20000) not null
);

-- What became of the last order for a host: when the next may be made, and why the last one failed.
create table certificate_orders (
  app      varchar(39) not null references apps (name) on delete cascade,
  host     varchar(253) not null,
  failures integer not null,
  problem  varchar(1000) not null,
  next_at  timestamp with time zone not null,
  primary key (app, host)
);

-- Orders for hosts without a certificate, for as long as they count.
create table certificate_firsts (
  id         varchar(36) not null primary key,
  created_at timestamp with time zone not null
);
