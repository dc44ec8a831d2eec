-- An app has one pending push at most, and one deployment in progress in each lane (a scale does not wait for others): from here on the database sees to it, whoever
-- writes. An index of a part of the rows is not something every database has, but nulls are never equal: the key is
-- the app for as long as it counts, and null afterwards.
alter table pushes add column pending_of varchar(50);
update pushes set pending_of = app
  where state = 'pending'
    and number = (select min(other.number) from pushes other where other.app = pushes.app and other.state = 'pending');

-- No version has written rows that break the rule. Were there some, the first would go on, as it always has; the others
-- and their builds end here, with the reason that pushers know.
update builds
  set state = 'failed',
      finished_at = current_timestamp,
      problem = '{"kind":"INVALID","code":"push.superseded","what":"Another push of this app was pending","value":"","fix":"Push again if this is the version that you want."}'
  where state in ('queued', 'running')
    and exists (select 1 from pushes
                where pushes.app = builds.app and pushes.number = builds.number
                  and pushes.state = 'pending' and pushes.pending_of is null);
update pushes
  set state = 'declined',
      finished_at = current_timestamp,
      problem = '{"kind":"INVALID","code":"push.superseded","what":"Another push of this app was pending","value":"","fix":"Push again if this is the version that you want."}'
  where state = 'pending' and pending_of is null;
alter table pushes add constraint one_pending_push unique (pending_of);

-- In progress is what has a goal and does not serve yet.
alter table deployments add column active_of varchar(50);
update deployments set active_of = case when kind = 'scale' then app || ' capacity' else app end
  where goal is not null and state in ('starting', 'checking', 'switching', 'failing')
    and id = (select min(other.id) from deployments other
              where other.app = deployments.app and other.goal is not null
                and other.state in ('starting', 'checking', 'switching', 'failing'));

-- Of those that break this rule, what was failing has failed, and the others wait for their turn again.
update deployments set state = 'failed', finished_at = current_timestamp
  where state = 'failing' and active_of is null;
update deployments set state = 'starting', goal = null, release = null
  where goal is not null and state in ('starting', 'checking', 'switching') and active_of is null;
alter table deployments add constraint one_active_deployment unique (active_of);
