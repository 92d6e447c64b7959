-- The log: what happened, in order, for good.
create table if not exists event (
    seq integer primary key autoincrement,
    case_id text not null,
    kind text not null,
    at text not null,
    actor text not null,
    detail text not null
) strict;
create index if not exists event_case on event (case_id, seq);
create trigger if not exists event_is_not_changed before update on event
begin select raise(abort, 'the log of the desk is not changed'); end;
create trigger if not exists event_is_not_removed before delete on event
begin select raise(abort, 'the log of the desk is not changed'); end;

-- What follows from the log, kept beside it so that nobody has to replay it.
create table if not exists finding_case (
    case_id text primary key,
    state text not null,
    source_code text not null,
    severity text not null,
    steward text not null,
    content text not null
) strict;
create index if not exists finding_case_source on finding_case (source_code, state);

-- The findings that were last written to the log, by source, so that the same judgement is not written twice.
create table if not exists recorded_judgement (
    source_code text primary key,
    fingerprint text not null
) strict;

-- The outbox: one row a message to one recipient on one channel.
create table if not exists alert (
    alert_id text primary key,
    recipient text not null,
    channel text not null,
    topic text not null,
    language text not null,
    state text not null check (state in ('waiting', 'sent', 'dead', 'obsolete')),
    due_at text not null,
    created_at text not null,
    attempts integer not null default 0,
    try_after text not null,
    lease_until text not null default '',
    lease_by text not null default '',
    last_error text not null default '',
    sent_at text
) strict;
create index if not exists alert_due on alert (state, try_after);

-- What a message is about: a case, or something owed.
create table if not exists alert_item (
    alert_id text not null references alert (alert_id),
    position integer not null,
    case_id text,
    content text not null,
    primary key (alert_id, position)
) strict;

-- Days on which somebody attended the desk: reminders of submissions are looked for once a day at least.
create table if not exists attendance (
    day text primary key
) strict;

-- Reminders given, so that none is given twice.
create table if not exists reminder (
    reminder_key text primary key,
    at text not null
) strict;

-- Sign-off: who prepared, approved or withdrew what, and the content it was bound to.
create table if not exists signoff_event (
    seq integer primary key autoincrement,
    organisation_code text not null,
    period_code text not null,
    source_code text not null,
    kind text not null check (kind in ('prepared', 'approved', 'withdrawn')),
    at text not null,
    actor text not null,
    reason text not null,
    content_hash text not null,
    content blob
) strict;
create index if not exists signoff_scope on signoff_event (organisation_code, period_code, source_code, seq);
create trigger if not exists signoff_is_not_changed before update on signoff_event
begin select raise(abort, 'a sign-off is not changed'); end;
create trigger if not exists signoff_is_not_removed before delete on signoff_event
begin select raise(abort, 'a sign-off is not changed'); end;
