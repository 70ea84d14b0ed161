"""Who worked where and when, and who enrolled, read from landed files: no code of the project.

Of an account: the rows that keep the contract, the last known of each key, as data frames.
"""

from types import SimpleNamespace

import duckdb
import pandas as pd
from landed_files import CONTRACT, columns_of, is_good

AS_OF = pd.Timestamp("2026-06-30")
NEVER = pd.Timestamp("2200-01-01")
ENTITIES = (
    "account", "worker", "job_event", "eligibility", "absence", "participant", "enrollment",
    "identity_override",
)  # fmt: skip
KINDS = {"date": "date", "timestamp": "timestamptz", "bigint": "bigint", "boolean": "boolean"}


def versions(files: duckdb.DuckDBPyConnection, entity: str, account: str | None) -> pd.DataFrame:
    """The rows that keep the contract and were known on the last day, in the types it says."""
    names = columns_of(files, entity)
    kinds = CONTRACT[entity]["columns"]
    columns = ", ".join(
        f"try_cast({name} as {KINDS.get(kinds[name][0], kinds[name][0].replace('string', 'text'))})"
        f" as {name}"
        for name in names
    )
    files.execute(f"""
        create temp table if not exists kept_{entity} as
        select distinct {columns} from {entity} where {is_good(files, entity)}
    """)
    where = f"where account_id = '{account}'" if account and "account_id" in names else ""
    rows = files.execute(f"from kept_{entity} {where}").df()
    for name in names:
        if kinds[name][0] == "timestamp":
            rows[name] = pd.to_datetime(rows[name], utc=True).dt.tz_localize(None)
        elif kinds[name][0] == "date":
            rows[name] = pd.to_datetime(rows[name])
    meta = CONTRACT[entity]["meta"]
    known = [rows[meta[time]] for time in ("known_at", "event_time") if time in meta]
    if known:
        at = known[0] if len(known) == 1 else known[0].fillna(known[1])
        at = at.fillna(pd.Timestamp("1900-01-01"))
        rows = rows.assign(known=at)[at < AS_OF + pd.Timedelta(days=1)]
    return rows


def latest(rows: pd.DataFrame, entity: str) -> pd.DataFrame:
    """The row of each key that was known last."""
    key = CONTRACT[entity]["meta"]["key"]
    ordered = rows.sort_values("known", kind="stable") if "known" in rows else rows
    last = ordered.drop_duplicates(key, keep="last")
    if "known" not in rows:
        assert len(last) == len(rows), f"{entity}: nothing says which row of a key is the last"
    return last.reset_index(drop=True)


def links(workers: pd.DataFrame, participants: pd.DataFrame, decisions: pd.DataFrame) -> dict:
    """The worker that each participant of an account is, where it is certain.

    A decision by hand first, then the number, then the address where the number matches nobody;
    nobody where a participant matches two workers, or a worker two participants.
    """

    def clean(values: pd.Series) -> pd.Series:
        return values.fillna("").str.strip()

    by_number: dict[str, set] = {}
    by_address: dict[str, set] = {}
    for worker, number, address in zip(
        workers.worker_id, clean(workers.employee_number), clean(workers.email).str.lower(),
        strict=True,
    ):  # fmt: skip
        by_number.setdefault(number, set()).add(worker)
        by_address.setdefault(address, set()).add(worker)
    by_number.pop("", None)
    by_address.pop("", None)
    decided: dict[str, str] = {}
    ruled_out: dict[str, set] = {}
    for row in decisions.sort_values("decided_at").itertuples():
        out = ruled_out.setdefault(row.participant_id, set())
        if row.action == "link":
            decided[row.participant_id] = row.worker_id
            out -= {row.worker_id, None}
        elif pd.isna(row.worker_id):
            decided.pop(row.participant_id, None)
            out.add(None)
        else:
            out.add(row.worker_id)
            if decided.get(row.participant_id) == row.worker_id:
                del decided[row.participant_id]
    matched = {}
    for participant, number, address in zip(
        participants.participant_id, clean(participants.employee_number),
        clean(participants.email).str.lower(), strict=True,
    ):  # fmt: skip
        out = ruled_out.get(participant, set())
        if participant not in decided and None not in out:
            found = by_number.get(number, set()) - out
            matched[participant] = found or by_address.get(address, set()) - out
    claims: dict[str, set] = {worker: {who} for who, worker in decided.items()}
    for who, found in matched.items():
        for worker in found:
            claims.setdefault(worker, set()).add(who)
    certain = {
        who: next(iter(found))
        for who, found in matched.items()
        if len(found) == 1 and len(claims[next(iter(found))]) == 1
    }
    return {**certain, **decided}


def enrolling(
    enrollments: pd.DataFrame, participants: pd.DataFrame, home: str, who: dict
) -> pd.Series:
    """The month in which each worker enrolled first, by the participant's own clock: its number."""
    zone = participants.set_index("participant_id").timezone.fillna(home).to_dict()
    months: dict[str, int] = {}
    for row in enrollments.itertuples():
        if row.participant_id not in who:
            continue
        day = row.start_date
        if not pd.isna(row.enrolled_at):
            local = row.enrolled_at.tz_localize("UTC").tz_convert(zone[row.participant_id])
            day = local.tz_localize(None)
        worker, month = who[row.participant_id], day.to_period("M").ordinal
        if day < AS_OF + pd.Timedelta(days=1):
            months[worker] = min(month, months.get(worker, month))
    return pd.Series(months, dtype="int64")


def spells(workers: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Employment: both sources as statements by day, the worker's own version last on a day.

    An end counts if it comes before the next statement; who is employed after an end has returned.
    The reason is the last one said with an end that counts, or with the day on which it ended.
    """
    said: dict[str, list] = {}
    for row in workers.itertuples():
        end = row.termination_date if row.termination_date >= row.hire_date else None
        said.setdefault(row.worker_id, []).append(
            (row.effective_from, 3, "", row.hire_date, end, row.termination_type)
        )
    wanted = events[events.event_type.isin(["hire", "rehire", "termination"])]
    for row in wanted.itertuples():
        is_end = row.event_type == "termination"
        day = row.effective_date
        hire, end = (None, day) if is_end else (day, None)
        order = (day, 1 if is_end else 2, row.event_id)
        said.setdefault(row.worker_id, []).append((*order, hire, end, None))
    found = []
    for worker, statements in said.items():
        statements = sorted(s for s in statements if s[0] <= AS_OF)
        spell, last_end = None, None
        mine = []
        for number, (day, _, _, hire, end, kind) in enumerate(statements):
            following = statements[number + 1][0] if number + 1 < len(statements) else NEVER
            ended = end if end is not None and end <= AS_OF and end < following else None
            returns = last_end is not None and (
                ended is None or (hire is not None and hire > last_end)
            )
            if spell is None or returns:
                spell = {"worker_id": worker, "stated": day, "hires": [], "kinds": []}
                mine.append(spell)
            spell["hires"] += [hire] if hire is not None else []
            spell["until"] = ended
            if isinstance(kind, str):
                spell["kinds"].append((kind, end, ended is not None))
            last_end = ended
        before = None
        for spell in mine:
            since = min(spell.pop("hires"), default=None)
            kinds = [kind for kind, end, stood in spell.pop("kinds")
                     if stood or (end is not None and end == spell["until"])]  # fmt: skip
            spell["kind"] = kinds[-1] if kinds and spell["until"] is not None else None
            if before is not None and (since is None or since <= before):
                since = spell["stated"]
            before = spell["until"]
            if since is None or before is None or before >= since:
                found.append({**spell, "since": since})
    table = pd.DataFrame(found)
    for name in ("since", "until"):
        table[name] = pd.to_datetime(table[name])
    return table


def workforce(files: duckdb.DuckDBPyConnection, account: str) -> SimpleNamespace:
    """All that the trials of an account are made of."""
    known = {entity: versions(files, entity, account) for entity in ENTITIES}
    last = {entity: latest(rows, entity) for entity, rows in known.items()}
    who = links(last["worker"], last["participant"], last["identity_override"])
    home = last["account"].timezone.iloc[0]
    seen = [last[entity].known.max() for entity in ("worker", "job_event") if len(last[entity])]
    event = last["job_event"]
    steps = event[event.event_type.isin(["promotion", "lateral", "demotion"])]
    since = last["account"].customer_since.iloc[0]
    return SimpleNamespace(
        account=account,
        worker=last["worker"].sort_values(["worker_id", "effective_from"], kind="stable"),
        event=event,
        first_event=steps.effective_date[steps.effective_date <= AS_OF].min(),
        last_seen=max(seen).to_period("M"),
        customer_since=since.to_period("M"),
        eligibility=last["eligibility"],
        absence=last["absence"],
        spell=spells(last["worker"], last["job_event"]),
        enrolled=enrolling(last["enrollment"], last["participant"], home, who),
        links=who,
    )
