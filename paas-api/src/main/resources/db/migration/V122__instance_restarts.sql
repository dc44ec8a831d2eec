-- Restarts of single instances that somebody was promised and that are not done yet.
create table instance_restarts (
  app      varchar(39) not null references apps (name) on delete cascade,
  instance varchar(160) not null,
  process  varchar(80) not null,
  primary key (app, instance)
);
