-- Images that were pulled to be run by hand; they go when nobody has run them for a while.
create table run_images (
  owner   varchar(39) not null references users (name) on delete cascade,
  name    varchar(600) not null,
  used_at timestamp with time zone not null,
  primary key (owner, name)
);
