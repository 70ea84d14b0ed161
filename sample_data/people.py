"""The participants: made-up people, with e-mails at example domains and later corrections."""

import numpy as np

from .draw import DAY, Columns, codes, delayed
from .names import FIRST_NAMES, LAST_NAMES
from .truths import Truths

PLAIN = str.maketrans("ãáéíóøöëłńżź", "aaeioooelnzz", "'")


def participant(
    truths: Truths, account: np.ndarray, first_booked: np.ndarray, rng: np.random.Generator
) -> Columns:
    """Return the entity `participant`: a row per person, and a correcting row where a name changed.

    `account` is the account index of each person, `first_booked` its first booking, if any.
    """
    size = len(account)
    span = (truths.last_day - truths.first_start).days * DAY
    some_day = np.datetime64(truths.first_start, "s") + rng.integers(0, span, size)
    ahead = rng.integers(600, 21 * DAY, size).astype("timedelta64[s]")
    registered_at = np.where(np.isnat(first_booked), some_day, first_booked - ahead)
    first = np.array(FIRST_NAMES, dtype=object)[rng.integers(0, len(FIRST_NAMES), size)]
    last = np.array(LAST_NAMES, dtype=object)[rng.integers(0, len(LAST_NAMES), size)]
    new_last = np.array(LAST_NAMES, dtype=object)[rng.integers(0, len(LAST_NAMES), size)]
    has_email, has_number = rng.random(size) > 0.03, rng.random(size) > 0.05
    number = np.array(
        [f"{truths.accounts[a].account_id[4:6].upper()}{n:06d}"
         for a, n in zip(account.tolist(), (10_000 + 7 * np.arange(size)).tolist(), strict=True)],
        dtype=object,
    )  # fmt: skip

    updated_at = delayed(rng, registered_at, 900, 0.01, 5)
    change_at = updated_at + rng.integers(60 * DAY, 400 * DAY, size).astype("timedelta64[s]")
    changes = (rng.random(size) < truths.corrected_participants) & (new_last != last)
    changed = np.flatnonzero(changes & (change_at < np.datetime64(truths.last_day) + 1))
    row = np.concatenate([np.arange(size), changed])
    is_second = np.arange(len(row)) >= size
    last = np.where(is_second, new_last[row], last[row])
    email = [
        f"{f}.{s}{n % 97}@{truths.accounts[a].domain}".lower().translate(PLAIN) if shown else None
        for f, s, n, a, shown in zip(
            first[row], last, row.tolist(), account[row].tolist(), has_email[row], strict=True
        )
    ]
    return {
        "participant_id": codes("pt-", row + 1, 6),
        "account_id": np.array([a.account_id for a in truths.accounts], dtype=object)[account[row]],
        "employee_number": np.where(has_number[row], number[row], None),
        "email": np.array(email, dtype=object),
        "full_name": first[row] + " " + last,
        "timezone": np.array([a.timezone for a in truths.accounts], dtype=object)[account[row]],
        "registered_at": registered_at[row],
        "updated_at": np.where(is_second, change_at[row], updated_at[row]),
        "_correction": is_second,
    }
