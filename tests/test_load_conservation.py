"""Whatever is landed, every row is accounted for: received = accepted + rejected + duplicate."""

import csv
import gzip
import io
import json
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from test_load import Provider

COLUMNS = ("event_id", "participant_id", "verb", "quantity", "occurred_at")
# The same event in few variations, so that duplicates and corrections are frequent.
EVENT_IDS = st.sampled_from(["e1", "e2", "e3", " e1 ", ""])
VERBS = st.sampled_from(["viewed", "passed", 'say "hi"', "two\nlines", "a,b", "gr\u00fcn", "\t"])
QUANTITIES = st.sampled_from(["", "1", "1.0", "+1", "2", "2.5", "-1", "many"])
TIMES = st.sampled_from(
    ["2026-03-01", "2026-03-01T00:00:00Z", "2026-03-01T01:00:00+01:00", "2026-03-02", "soon"]
)
ROWS = st.tuples(EVENT_IDS, st.just("p1"), VERBS, QUANTITIES, TIMES)
MEANING = {"": None, "1": 1, "1.0": 1, "+1": 1, "2": 2}
DAYS = {"2026-03-02": 2, "2026-03-01": 1, "2026-03-01T00:00:00Z": 1, "2026-03-01T01:00:00+01:00": 1}
# Records that no reader can take apart; each is one line.
BROKEN = st.sampled_from(["e1,p1", "e1,p1,viewed,1,2026-03-01,x", 'e"1,"p"1,viewed,1,2026-03-01'])
FILES = st.lists(
    st.tuples(
        st.sampled_from([".csv", ".csv.gz", ".jsonl"]),
        st.lists(st.one_of(ROWS, ROWS, ROWS, BROKEN), max_size=12),
        st.sampled_from(["\n", "\r\n"]),
        st.sampled_from(["", "\ufeff"]),
        st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    ),
    min_size=1,
    max_size=4,
)


def write(ending: str, records: list, newline: str, mark: str, quoting: int) -> bytes:
    """Return the content of a file of good records (tuples) and broken ones (lines)."""
    if ending == ".jsonl":
        lines = [
            record
            if isinstance(record, str)
            else json.dumps(dict(zip(COLUMNS, record, strict=True)))
            for record in records
        ]
        return (mark + (newline.join([*lines, ""]) or newline)).encode()
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=quoting, lineterminator=newline)
    writer.writerow(COLUMNS)
    for record in records:
        if isinstance(record, str):
            text.write(record + newline)
        else:
            writer.writerow(record)
    content = (mark + text.getvalue()).encode()
    return gzip.compress(content) if ending == ".csv.gz" else content


def expected(files: list[tuple]) -> tuple[list[list[int]], list[tuple]]:
    """Compute in plain Python the counts of each batch and the accepted rows, in landing order."""
    last: dict[str, tuple] = {}
    seen: set[bytes] = set()  # contents since which no row was accepted: again, they change nothing
    counts, accepted = [], []
    for file in files:
        content = write(*file)
        received = len(file[1])
        if content in seen:
            counts.append([received, 0, 0, received])
            continue
        batch = [received, 0, 0, 0]
        for number, record in enumerate(file[1], start=1):
            row = None if isinstance(record, str) else clean(record)
            if row is None:
                batch[2] += 1
            elif last.get(row[0]) == row:
                batch[3] += 1
            else:
                batch[1] += 1
                last[row[0]] = row
                accepted.append((*row, number))
        seen = {content} if batch[1] else seen | {content}
        counts.append(batch)
    return counts, accepted


def clean(record: tuple[str, ...]) -> tuple | None:
    """Return what a row means; None where the contract forbids it."""
    event_id, participant_id, verb, quantity, time = (value.strip() for value in record)
    if not event_id or not verb or quantity not in MEANING or time not in DAYS:
        return None
    return event_id, participant_id, verb, MEANING[quantity], DAYS[time]


@settings(max_examples=25)
@given(FILES)
def test_every_row_is_accepted_rejected_or_a_duplicate(files: list[tuple]):
    with tempfile.TemporaryDirectory() as folder:
        provider = Provider(Path(folder))
        for number, file in enumerate(files):
            provider.land(f"{number}{file[0]}", write(*file))
        report = provider.load()
        counts, accepted = expected(files)
        loaded = [
            [
                getattr(batch, f"{name}_count")
                for name in ("received", "accepted", "rejected", "duplicate")
            ]
            for batch in report.batches
        ]
        assert report.failed == []
        assert loaded == counts
        columns = "event_id, participant_id, verb, quantity, day(occurred_at), _row_no"
        assert provider.events(columns) == accepted
        rejected = provider.ask(
            "select count(distinct (batch_id, row_no)) from load_ledger.rejected_rows"
        )
        assert rejected == [(sum(batch[2] for batch in counts),)]
        assert provider.load().batches == []
