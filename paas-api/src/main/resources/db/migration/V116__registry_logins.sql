-- What users log in to registries of images with; the password is sealed (Seal), in Base64.
create table registry_logins (
  owner      varchar(39) not null references users (name) on delete cascade,
  host       varchar(260) not null,
  username   varchar(255) not null,
  sealed     varchar(32000) not null,
  created_at timestamp with time zone not null,
  primary key (owner, host)
);
