-- Position order is commit order only while every writer holds the store lock, so a writer that does not is refused.
-- The key is StoreLock.Key: its high half is the class, its low half the object.
create function cc_refuse_writer_without_lock() returns trigger language plpgsql as $guard$
begin
  if not exists (
    select from pg_locks
    where pid = pg_backend_pid() and locktype = 'advisory' and classid = 1953723503 and objid = 1919709035 and objsubid = 1 and granted)
  then
    raise exception 'mt_events is written only under the store lock, through the event log of the command center'
      using errcode = 'object_not_in_prerequisite_state';
  end if;
  return null;
end
$guard$;

create trigger cc_guard before insert on mt_events
  for each statement execute function cc_refuse_writer_without_lock();
