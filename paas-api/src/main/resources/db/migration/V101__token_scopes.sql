-- What a token may do. Tokens that were made before may do everything, as they could.
alter table tokens add column scope varchar(10) default 'write' not null;
