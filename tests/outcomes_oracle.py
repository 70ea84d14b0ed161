"""The sequential monthly trials of an account, by pandas.

Written from the definitions, not from the models; the rows come from `workforce_landed.py`.
"""

from types import SimpleNamespace

import numpy as np
import pandas as pd
from workforce_landed import AS_OF

FOLLOW_UP, EVALUATED = 12, 24
LAST = AS_OF.to_period("M")  # the last month that is over
TENURE, PAY = [12, 36, 84], [38000, 55000, 85000]
COVARIATES = [
    "job_level", "pay_type", "tenure_band", "pay_band", "job_family", "employment_type",
    "is_promoted_before",
]  # fmt: skip


def happened(rows: pd.DataFrame, day: str, first: pd.Period, last: pd.Period) -> set:
    """The workers of the rows whose day lies in these months, both included."""
    inside = rows[day].between(first.start_time, last.end_time)
    return set(rows.worker_id[inside])


def trial(work: SimpleNamespace, month: pd.Period) -> pd.DataFrame:
    """Those eligible on the first of a month, employed throughout it and not enrolled before."""
    first = month.start_time
    spell = work.spell
    stays = spell[
        (spell.since.isna() | (spell.since <= first))
        & (spell.until.isna() | (spell.until > month.end_time))
    ]
    may = work.eligibility
    may = may[(may.eligible_from <= first) & ~(may.eligible_to < first)]
    rows = stays[stays.worker_id.isin(may.worker_id)].copy()
    enrolled = rows.worker_id.map(work.enrolled) - month.ordinal
    is_in = ~(enrolled < 0)
    rows, enrolled = rows[is_in].copy(), enrolled[is_in]
    rows["index_month"], rows["arm"] = first, np.where(enrolled == 0, "treated", "comparison")
    rows["enrolled_month_no"] = enrolled
    version = work.worker[work.worker.effective_from <= first].drop_duplicates(
        "worker_id", keep="last"
    )
    names = ["worker_id", "job_level", "pay_type", "job_family", "employment_type",
             "base_pay_annual", "currency"]  # fmt: skip
    rows = rows.merge(version[names], on="worker_id")
    since = rows.since
    months = (first.year - since.dt.year) * 12 + first.month - since.dt.month
    rows["tenure_months"] = months - (since.dt.day > 1)
    pay = rows.base_pay_annual.astype(float)
    rows["tenure_band"] = np.searchsorted(TENURE, rows.tenure_months, "right")
    rows.loc[rows.tenure_months.isna(), "tenure_band"] = -1
    rows["pay_band"] = np.where(pay.isna(), -1, np.searchsorted(PAY, pay, "right"))
    who = rows.worker_id
    ends = month + FOLLOW_UP
    for kind, name in (("promotion", "promoted"), ("lateral", "moved")):
        event = work.event[work.event.event_type == kind]
        event = event[event.effective_date <= AS_OF]
        before = happened(event, "effective_date", month - 12, month - 1)
        rows[f"is_{name}_before"] = who.isin(before).astype(float)
        rows[f"is_{name}"] = who.isin(happened(event, "effective_date", month + 1, ends))
        rows[f"is_{name}"] = rows[f"is_{name}"].astype(float)
    rows["is_mobile_before"] = rows[["is_promoted_before", "is_moved_before"]].max(axis=1)
    rows["is_mobile"] = rows[["is_promoted", "is_moved"]].max(axis=1)
    left = rows.until.notna() & (rows.until <= ends.end_time)
    left_in = (rows.until.dt.year - first.year) * 12 + rows.until.dt.month - first.month
    rows["left_month_no"] = left_in.where(left)
    rows["is_retained_total"] = ~left
    is_own_will = rows.kind.isna() | (rows.kind == "voluntary")
    rows["is_retained_voluntary"] = ~(left & is_own_will)
    rows["is_filled"] = rows.is_mobile * rows.is_retained_voluntary
    for begins, suffix, names in (
        (month - 12, "_before", ("promoted", "moved", "mobile")),
        (month + 1, "", ("promoted", "moved", "mobile", "filled")),
    ):
        if not work.first_event <= begins.end_time:  # nobody knows of what was before
            rows[[f"is_{name}{suffix}" for name in names]] = np.nan
    absence = work.absence.assign(hours=work.absence.hours.astype(float))
    absence = absence[absence.absence_date <= AS_OF]
    supplied = absence.absence_date.dt.to_period("M")
    for name, a, b in (
        ("absence_hours_before", month - 12, month - 1),
        ("absence_hours", month + 1, ends),
    ):
        hours = absence[absence.absence_date.between(a.start_time, b.end_time)]
        total = who.map(hours.groupby("worker_id").hours.sum()).fillna(0)
        is_known = len(absence) and supplied.min() <= a and b <= supplied.max()
        rows[name] = total if is_known else np.nan
    rows["is_followed_fully"] = ends <= min(LAST, work.last_seen)
    return rows


def trials(work: SimpleNamespace) -> pd.DataFrame:
    """All trials of an account, with strata and weights."""
    months = [pd.Period(ordinal=number, freq="M") for number in sorted(work.enrolled.unique())]
    rows = pd.concat([trial(work, month) for month in months], ignore_index=True)
    newest = rows.index_month[rows.is_followed_fully].max()
    since = newest - pd.DateOffset(months=EVALUATED)
    rows["is_in_evaluation"] = rows.is_followed_fully & (rows.index_month > since)
    rows["stratum_but_promotion"] = joined(rows, COVARIATES[:-1])
    rows["stratum"] = joined(rows, COVARIATES)
    rows["trial_weight"] = weights(rows, "stratum")
    rows["control_weight"] = weights(rows, "stratum_but_promotion")
    rows["protocol_weight"] = rows.trial_weight * protocol(rows)
    return rows


def joined(rows: pd.DataFrame, columns: list[str]) -> pd.Series:
    """The values of several columns in one text; what is not known is `unknown`."""
    parts = [rows[column].astype("str").fillna("unknown") for column in columns]
    return parts[0].str.cat(parts[1:], sep="|")


def weights(rows: pd.DataFrame, stratum: str) -> pd.Series:
    """Treated 1, comparison treated over comparison of its cell; none where an arm is missing."""
    cell = [rows.index_month, rows[stratum]]
    is_treated = (rows.arm == "treated").astype(int)
    treated = is_treated.groupby(cell).transform("sum")
    others = (1 - is_treated).groupby(cell).transform("sum")
    weight = np.where(is_treated == 1, 1.0, treated / others.where(others > 0, 1))
    return pd.Series(np.where((treated > 0) & (others > 0), weight, np.nan), index=rows.index)


def protocol(rows: pd.DataFrame) -> pd.Series:
    """1 / the chance not to have enrolled by the end of what is looked at; none if enrolled.

    Of the comparison rows of a stratum over all months, by month of follow-up: Kaplan and Meier.
    """
    others = rows[(rows.arm == "comparison") & rows.is_followed_fully]
    ends = others.left_month_no.fillna(FOLLOW_UP).to_numpy()
    joins = others.enrolled_month_no.fillna(np.inf).to_numpy()
    is_complete = joins >= ends
    codes, names = pd.factorize(others.stratum)
    chance = np.ones((len(names), FOLLOW_UP + 1))  # not to have enrolled before this month
    for month in range(1, FOLLOW_UP):
        at_risk = (ends > month) & (joins >= month)
        enrolls = at_risk & (joins == month)
        number, of = (np.bincount(codes[who], minlength=len(names)) for who in (enrolls, at_risk))
        chance[:, month + 1] = chance[:, month] * (1 - number / np.maximum(of, 1))
    factor = pd.Series(np.where(rows.arm == "treated", 1.0, np.nan), index=rows.index)
    reached = np.where(is_complete, chance[codes, ends.astype(int)], np.nan)
    factor[others.index] = 1 / reached
    return factor


def worker_months(work: SimpleNamespace) -> pd.DataFrame:
    """Each worker and month of employment, since anybody was eligible; hours where supplied."""
    enrolled = pd.Period(ordinal=work.enrolled.min(), freq="M")
    begin = max(
        work.eligibility.eligible_from.min().to_period("M"), min(work.customer_since, enrolled)
    )
    parts = []
    for month in pd.period_range(begin, min(LAST, work.last_seen), freq="M"):
        first, end = month.start_time, month.end_time
        spell = work.spell
        rows = spell[
            (spell.since.isna() | (spell.since <= end))
            & (spell.until.isna() | (spell.until >= first))
        ]
        is_employed = (rows.since.isna() | (rows.since <= first)) & ~(rows.until <= first)
        rows = rows.assign(is_employed=is_employed, month=first).sort_values(
            ["is_employed", "since"], ascending=[False, True]
        )
        parts.append(rows.drop_duplicates("worker_id"))
    rows = pd.concat(parts, ignore_index=True)
    keys = pd.MultiIndex.from_frame(rows[["worker_id", "month"]])
    may = work.eligibility.merge(rows[["worker_id", "month"]].drop_duplicates(), on="worker_id")
    may = may[(may.eligible_from <= may.month) & ~(may.eligible_to < may.month)]
    rows["is_eligible"] = keys.isin(pd.MultiIndex.from_frame(may[["worker_id", "month"]]))
    enrolled = rows.worker_id.map(work.enrolled)
    rows["is_enrolled_ever"] = enrolled <= rows.month.dt.to_period("M").map(lambda m: m.ordinal)
    events = work.event[work.event.effective_date <= AS_OF]
    months = events.effective_date.dt.to_period("M").dt.start_time
    for name, kind in (("is_promoted", "promotion"), ("is_lateral_move", "lateral")):
        these = events.event_type == kind
        rows[name] = keys.isin(pd.MultiIndex.from_arrays([events.worker_id[these], months[these]]))
        rows[name] = rows[name].astype(float).where(rows.month.dt.to_period("M").dt.end_time
                                                    >= work.first_event)  # fmt: skip
    rows["is_terminated"] = rows.until.between(rows.month, rows.month + pd.offsets.MonthEnd(0))
    own_will = rows.kind.isna() | (rows.kind == "voluntary")
    rows["is_terminated_voluntary"] = rows.is_terminated & own_will
    absence = work.absence[work.absence.absence_date <= AS_OF]
    month = absence.absence_date.dt.to_period("M").dt.start_time.rename("month")
    hours = absence.hours.astype(float).groupby([absence.worker_id, month]).sum()
    rows["absence_hours"] = hours.reindex(keys).fillna(0).to_numpy()
    is_known = rows.month.between(month.min(), month.max())
    rows["absence_hours"] = rows.absence_hours.where(is_known)
    return rows.drop(columns=["stated", "since", "until", "kind"])
