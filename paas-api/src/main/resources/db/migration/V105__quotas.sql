-- What a user was given that is not the default.
create table quotas (
  owner  varchar(39) not null references users (name) on delete cascade,
  name   varchar(20) not null,
  amount bigint not null,
  primary key (owner, name)
);
