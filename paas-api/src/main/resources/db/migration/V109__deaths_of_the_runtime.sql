-- Work that paas-runtimed does for a caller dies with it, too: whether it was lost with the runtime, and how often the
-- runtime had died when the work was begun (-1: not known).
alter table attempts add column lost boolean default false not null;
alter table attempts add column runtime_deaths bigint default -1 not null;
