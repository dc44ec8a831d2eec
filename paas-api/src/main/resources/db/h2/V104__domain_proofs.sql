-- A host may be claimed by several apps; of those that are proved there is one for a host. What was added before stays
-- valid.
alter table domains drop primary key;
alter table domains add primary key (host, app);
alter table domains add column proof varchar(10);
alter table domains add column challenge varchar(43) default '' not null;
update domains set proof = 'earlier';
