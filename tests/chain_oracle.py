"""The links of the stakeholder chain by numpy from the landed answers: no code of the project.

`renewal_landed.py` reads the tables. Arrays are [account, month].
"""

from types import SimpleNamespace

import numpy as np
import pandas as pd
from renewal_landed import known, seed
from scipy.stats import t as student

ROLES = ("participant", "manager", "program_owner", "hr_leader", "executive_sponsor")
ASKED_BY_NAME = ROLES[2:]  # the others are whoever learns, and who leads them
LAGS, FOLDS = range(5), 5


def panel(it: SimpleNamespace, last: pd.Timestamp) -> dict[str, SimpleNamespace]:
    """Return, by role, the mean of each account and month, its sampling variance, and changes."""
    answers = said(it, last)
    accounts = sorted(answers["account_id"].unique())
    months = pd.period_range(answers["month"].min(), last.to_period("M"), freq="M")
    grid = {"index": accounts, "columns": months}
    found = {}
    for role, rows in answers[answers["chain_role"].isin(ROLES)].groupby("chain_role"):
        people = rows.groupby(["account_id", "month", "person"])["score"].mean()
        cells = people.groupby(["account_id", "month"])
        apart = ((people - cells.transform("mean")) ** 2).sum()
        spread = apart / (len(people) - cells.ngroups)
        found[role] = SimpleNamespace(
            mean=cells.mean().unstack().reindex(**grid).to_numpy(),
            variance=(spread / cells.size()).unstack().reindex(**grid).to_numpy(),
            changed=changes(it, role, accounts, months, last),
        )
    return found


def said(it: SimpleNamespace, last: pd.Timestamp) -> pd.DataFrame:
    """Return every answer to an item of confidence, 0 to 100, and whose it is."""
    before = last + pd.Timedelta(days=1)
    rows = known(it.survey_response, "survey_response", before)
    items = seed("survey_items").query("is_confidence")["item_code"]
    rows = rows[rows["item_code"].isin(items) & (rows["responded_at"] < before)]
    rows = rows[rows["score"].between(rows["scale_min"], rows["scale_max"])]
    person = rows["respondent_key"].fillna(rows["participant_id"]).fillna(rows["response_id"])
    return rows.assign(
        person=person,
        month=rows["responded_at"].dt.to_period("M"),
        score=100 * (rows["score"] - rows["scale_min"]) / (rows["scale_max"] - rows["scale_min"]),
    )


def changes(it: SimpleNamespace, role: str, accounts: list, months, last) -> np.ndarray:
    """Return whether somebody came to the role, or left it, in a month or the two before it."""
    changed = np.zeros((len(accounts), len(months)), dtype=bool)
    if role not in ASKED_BY_NAME:
        return changed
    rows = known(it.contact, "contact", last + pd.Timedelta(days=1))
    rows = rows[rows["chain_role"].eq(role) & rows["account_id"].isin(accounts)]
    one = pd.Timedelta(days=1)
    for account, part in rows.groupby("account_id"):
        columns = (part["contact_id"], part["valid_from"], part["valid_to"])
        stints = list(zip(*columns, strict=True))
        begins = {(who, since) for who, since, _ in stints}
        goes_on = {(who, until + one) for who, _, until in stints} & begins
        came = [since for who, since, _ in stints if (who, since) not in goes_on]
        came = [since for since in came if since > part["valid_from"].min()]
        left = [until for who, _, until in stints if (who, until + one) not in goes_on]
        for day in came + left:
            if day <= last:  # a missing day is not
                place = (day.to_period("M") - months[0]).n
                changed[accounts.index(account), max(place, 0) : max(place + 3, 0)] = True
    return changed


def pairs(upstream: SimpleNamespace, own: SimpleNamespace) -> SimpleNamespace:
    """Return the account months that are known at every lag: y, z and, for each lag, x."""
    rows, size = [], own.mean.shape[1]
    for account, month in np.argwhere(~np.isnan(own.mean) & ~own.changed):
        before = [month - lag for lag in LAGS]
        if month < max(LAGS) or np.isnan(own.mean[account, month - 1]) or month >= size:
            continue
        if not np.isnan(upstream.mean[account, before]).any():
            rows.append((account, month))
    account, month = np.array(rows).T
    kept = np.bincount(account)[account] > 1
    account, month = account[kept], month[kept]
    return SimpleNamespace(
        account=np.unique(account, return_inverse=True)[1],
        y=own.mean[account, month],
        z=own.mean[account, month - 1],
        z_variance=own.variance[account, month - 1],
        x={lag: upstream.mean[account, month - lag] for lag in LAGS},
        x_variance={lag: upstream.variance[account, month - lag] for lag in LAGS},
    )


def link(upstream: SimpleNamespace, own: SimpleNamespace) -> SimpleNamespace:
    """Return lag, coefficient, its interval and the out-of-sample error of a link."""
    rows = pairs(upstream, own)
    errors = [out_of_sample(rows, lag) for lag in LAGS]
    lag = int(np.argmin(errors))
    design, y = centred(rows, lag)
    count = np.bincount(rows.account)
    lost = (1 - 1 / count)[rows.account]  # of n squares about their mean, chance makes n - 1
    chance = np.stack([rows.x_variance[lag] * lost, rows.z_variance * lost], axis=1)
    meat, bread = np.zeros((2, 2)), design.T @ design - np.diag(chance.sum(axis=0))
    slopes = np.linalg.solve(bread, design.T @ y)
    for account in range(len(count)):
        here = rows.account == account
        score = design[here].T @ (y[here] - design[here] @ slopes)
        score = score + chance[here].sum(axis=0) * slopes
        meat += np.outer(score, score)
    groups, size = len(count), len(y)
    cr1 = groups / (groups - 1) * (size - 1) / (size - 2)
    inverse = np.linalg.inv(bread)
    error = np.sqrt((inverse @ meat @ inverse)[0, 0] * cr1)
    reach = student.ppf(0.975, groups - 1) * error
    return SimpleNamespace(
        lag=lag, coefficient=slopes[0], own_coefficient=slopes[1], ci_low=slopes[0] - reach,
        ci_high=slopes[0] + reach, error=errors[lag], panel=size, accounts=groups,
    )  # fmt: skip


def centred(rows: SimpleNamespace, lag: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the design and y about the means of each account."""
    count = np.bincount(rows.account)
    x, z, y = (
        each - (np.bincount(rows.account, each) / count)[rows.account]
        for each in (rows.x[lag], rows.z, rows.y)
    )
    return np.stack([x, z], axis=1), y


def out_of_sample(rows: SimpleNamespace, lag: int) -> float:
    """Return the root mean square error at the fifth of accounts that the fit has not seen."""
    design, y = centred(rows, lag)
    squares = 0.0
    for fold in range(FOLDS):
        out = rows.account % FOLDS == fold
        slopes = np.linalg.lstsq(design[~out], y[~out], rcond=None)[0]
        squares += ((y[out] - design[out] @ slopes) ** 2).sum()
    return float(np.sqrt(squares / len(y)))
