-- What an app's builds get beside its files: one row a version, all of it as one sealed JSON object (Seal), in Base64.
create table build_vars (
  app        varchar(39) not null references apps (name) on delete cascade,
  version    integer not null,
  sealed     varchar(1000000) not null,
  created_by varchar(39) not null,
  created_at timestamp with time zone not null,
  primary key (app, version)
);

-- Which version each build was made with; 0 for none.
alter table builds add column vars integer default 0 not null;
