-- How acts ended that end later than they were recorded. Of what older versions recorded nobody knows the end.
alter table audit add column code varchar(60) default '' not null;
update audit set outcome = 'accepted' where outcome = 'begun';
create index audit_by_outcome on audit (outcome, id);

-- The entry of the push in the audit; none for pushes that an older version accepted.
alter table pushes add column audit_id bigint;
