-- Numbers 001-099 belong to access, app, config and http; 100 and up to push, build, release, run and route.

create table users (
  name       varchar(39) primary key,
  admin      boolean not null,
  created_at timestamp(6) with time zone not null
);

create table ssh_keys (
  fingerprint varchar(60) primary key,
  user_name   varchar(39) not null references users (name) on delete cascade,
  name        varchar(60) not null,
  type        varchar(40) not null,
  key_text    varchar(12000) not null,
  created_at  timestamp(6) with time zone not null,
  unique (user_name, name)
);

-- Only the digest of a token is kept.
create table tokens (
  hash         char(64) primary key,
  user_name    varchar(39) not null references users (name) on delete cascade,
  name         varchar(60) not null,
  prefix       varchar(12) not null,
  created_at   timestamp(6) with time zone not null,
  expires_at   timestamp(6) with time zone,
  last_used_at timestamp(6) with time zone,
  unique (user_name, name)
);

-- An app with destroyed_by set is being destroyed: invisible, its name still taken.
create table apps (
  name         varchar(39) primary key,
  owner        varchar(39) not null references users (name),
  created_at   timestamp(6) with time zone not null,
  destroyed_by varchar(39)
);

create table domains (
  host       varchar(253) primary key,
  app        varchar(39) not null references apps (name) on delete cascade,
  created_at timestamp(6) with time zone not null
);
create index domains_by_app on domains (app);

-- One row a version: all variables of it as one sealed JSON object.
create table config_versions (
  app        varchar(39) not null references apps (name) on delete cascade,
  version    int not null,
  sealed     varbinary(1048576) not null,
  created_by varchar(39) not null,
  created_at timestamp(6) with time zone not null,
  primary key (app, version)
);

-- Answers to writes that carried an Idempotency-Key; the body is sealed, it may hold a token or config.
create table answers (
  user_name       varchar(39) not null,
  idempotency_key varchar(100) not null,
  request_hash    char(64) not null,
  status          int not null,
  media_type      varchar(100) not null,
  body            varbinary(4194304) not null,
  created_at      timestamp(6) with time zone not null,
  primary key (user_name, idempotency_key)
);
create index answers_by_age on answers (created_at);
