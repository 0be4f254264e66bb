-- Appends that are decided ahead say what they rely on, and fail as a whole where it is not so (ADR 0012).
create function cc_expect(holds boolean, what text) returns void language plpgsql as $expect$
begin
  if holds is not true then
    raise exception 'The append was decided ahead on something that is not so: %', what using errcode = 'CC001';
  end if;
end
$expect$;

-- Moved by who must be sure that an append whose connection was lost does not come after all.
alter table cc_log add column fence bigint not null default 0;
