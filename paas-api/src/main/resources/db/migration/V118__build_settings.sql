-- How an app's commits are built, where it is not as the platform finds out by itself: JSON of those that are set.
create table build_settings (
  app      varchar(39) not null primary key references apps (name) on delete cascade,
  settings varchar(16384) not null
);

-- What each build was made with; null for what was built before there were any.
alter table builds add column settings varchar(16384);
