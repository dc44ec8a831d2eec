-- For whose builds an image was fetched: they may have to do without it.
create table fetched_images (
  owner varchar(39) not null references users (name) on delete cascade,
  name  varchar(600) not null,
  primary key (owner, name)
);
