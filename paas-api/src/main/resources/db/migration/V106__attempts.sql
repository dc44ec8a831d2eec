-- What is worked on and has an end, so that work which kills daemons is found: one row from its beginning to its end.
create table attempts (
  kind      varchar(10) not null,
  app       varchar(39) not null,
  number    bigint not null,
  under_way boolean not null,
  deaths    int not null,
  suspect   boolean not null,
  primary key (kind, app, number)
);

-- The process that had the database last. No row: one that did not keep any.
create table last_life (
  id      int primary key,
  boot    varchar(64) not null,
  orderly boolean not null
);

-- Nobody knows what a version that kept no account did with what it left under way: that counts as one death.
insert into attempts (kind, app, number, under_way, deaths, suspect)
  select 'build', app, number, false, 1, true from builds where state = 'running';
insert into attempts (kind, app, number, under_way, deaths, suspect)
  select 'deployment', app, id, false, 1, true from deployments
  where goal is not null and state in ('starting', 'checking', 'switching', 'failing');
