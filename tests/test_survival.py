"""Cumulative incidence: the macro against published numbers, statsmodels and plain numpy."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import duckdb
import numpy as np
import pytest
from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight

COHORTS = 10_000
CENSORED, EVENT, EXIT = 0, 1, 2


@dataclass(frozen=True)
class Waits:
    """One row per person: cohort, first day watched, last day, and how the wait ended."""

    cohort: np.ndarray
    entry: np.ndarray
    age: np.ndarray
    kind: np.ndarray

    def by_cohort(self) -> Iterator[tuple[int, np.ndarray, np.ndarray, np.ndarray]]:
        """Each cohort's persons, of those who were watched at all."""
        watched = self.age >= self.entry
        cohort = self.cohort[watched]
        bounds = np.flatnonzero(np.diff(cohort)) + 1
        parts = [
            np.split(values[watched], bounds)
            for values in (self.cohort, self.entry, self.age, self.kind)
        ]
        for cohorts, entry, age, kind in zip(*parts, strict=True):
            yield int(cohorts[0]), entry, age, kind


def estimates(query: str, waits: Waits) -> dict[int, dict[str, np.ndarray]]:
    """The macro's columns by cohort, all cohorts in one table and one query."""
    with duckdb.connect() as connection:
        landed = {
            "cohort": waits.cohort,
            "entry_age_days": waits.entry,
            "age_days": waits.age,
            "kind": waits.kind,
        }
        connection.register("landed", landed)
        connection.execute(
            "create table waits as select cohort, entry_age_days, age_days, kind = 1 as is_event,"
            " kind = 2 as is_competing from landed"
        )
        found = connection.execute(query).fetchnumpy()
    plain = {name: np.ma.filled(values.astype(float), np.nan) for name, values in found.items()}
    bounds = np.flatnonzero(np.diff(plain["cohort"])) + 1
    parts = {name: np.split(values, bounds) for name, values in plain.items()}
    return {
        int(cohort[0]): {name: values[number] for name, values in parts.items()}
        for number, cohort in enumerate(parts["cohort"])
    }


def random_waits(seed: int) -> Waits:
    """Cohorts of 1 to 60 persons with many ties: half of them with late entries, some with one end.

    A ninth of the cohorts has only one kind of end: all censored, all events or all exits. Some
    late entries lie after the person's own end, so that a cohort can be without anybody watched.
    """
    draw = np.random.default_rng(seed)
    sizes = draw.integers(1, 61, COHORTS)
    sizes[:200] = 1
    cohort = np.repeat(np.arange(COHORTS), sizes)
    longest = draw.integers(0, 41, COHORTS)[cohort]
    age = draw.integers(0, longest + 1)
    one_kind = draw.integers(0, 3, COHORTS)[cohort]
    kind = np.where(cohort % 9 == 0, one_kind, draw.choice(3, len(cohort), p=[0.3, 0.4, 0.3]))
    kind = np.where((cohort % 9 != 0) & (cohort % 4 == 1), np.minimum(kind, EVENT), kind)
    entry = np.where(cohort % 2 == 0, 0, draw.integers(0, longest // 2 + 2))
    return Waits(cohort, entry, age, kind)


def aalen_johansen(
    entry: np.ndarray, age: np.ndarray, kind: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Ages, survival, incidence and its error by the published double sum (Pintilie 2006, 4.2)."""
    times = np.unique(age)
    at_risk = ((entry <= times[:, None]) & (age >= times[:, None])).sum(axis=1)
    events = ((age == times[:, None]) & (kind == EVENT)).sum(axis=1)
    leaving = ((age == times[:, None]) & (kind > CENSORED)).sum(axis=1)
    survival = np.cumprod(1 - leaving / at_risk)
    before = np.concatenate([[1.0], survival[:-1]])
    incidence = np.cumsum(before * events / at_risk)
    rest = at_risk - leaving
    left = np.where(rest > 0, leaving / (at_risk * np.maximum(rest, 1)), 0.0)
    own = before**2 * events * (at_risk - events) / at_risk**3
    cross = before * events / at_risk**2
    gained = np.tril(incidence[:, None] - incidence[None, :])
    variance = np.tril(gained**2 * left + own - 2 * gained * cross).sum(axis=1)
    return times, survival, incidence, np.sqrt(np.maximum(variance, 0.0))


@pytest.fixture(scope="module")
def incidence_query(compiled: Callable[[str], str]) -> str:
    """The macro's SQL."""
    return compiled(
        "{{ cumulative_incidence('waits', ['cohort'], entry='entry_age_days') }}"
        " order by cohort, age_days"
    )


@pytest.fixture(scope="module")
def random_cohorts() -> Waits:
    return random_waits(seed=4)


@pytest.fixture(scope="module")
def estimated(incidence_query: str, random_cohorts: Waits) -> dict[int, dict[str, np.ndarray]]:
    return estimates(incidence_query, random_cohorts)


def test_the_macro_equals_the_written_out_formula_on_10000_random_cohorts(
    random_cohorts, estimated
):
    compared = 0
    for cohort, entry, age, kind in random_cohorts.by_cohort():
        found = estimated[cohort]
        times, survival, incidence, error = aalen_johansen(entry, age, kind)
        assert found["age_days"].tolist() == times.tolist()
        assert found["survival"] == pytest.approx(survival, abs=1e-9)
        assert found["cumulative_incidence"] == pytest.approx(incidence, abs=1e-9)
        defined = incidence < 1 - 1e-12
        assert np.isnan(found["standard_error"]).tolist() == (~defined).tolist()
        # the variance to 1e-9: near 0 a root would magnify the last digits of both computations
        assert found["standard_error"][defined] ** 2 == pytest.approx(error[defined] ** 2, abs=1e-9)
        shown = ~np.isnan(found["ci_low"])
        assert (found["ci_low"][shown] <= incidence[shown] + 1e-12).all()
        assert (found["ci_high"][shown] >= incidence[shown] - 1e-12).all()
        compared += 1
    assert compared == len(estimated) > 9_800
    unwatched = set(random_cohorts.cohort.tolist()) - set(estimated)
    assert len(unwatched) == COHORTS - compared > 0


def test_without_competition_estimate_and_error_equal_statsmodels_wherever_it_can_estimate(
    random_cohorts, estimated
):
    """With delayed entry too. statsmodels leaves day 0 out of the time at risk, and of who enters
    on the day of an event the convention differs: its clock is set a day, entries half a day on.
    """
    compared = with_entry = 0
    for cohort, entry, age, kind in random_cohorts.by_cohort():
        if not (kind == EVENT).any() or (kind == EXIT).any():
            continue
        compared += 1
        with_entry += bool(entry.any())
        found = estimated[cohort]
        expected = SurvfuncRight(age + 1.0, (kind == EVENT).astype(int), entry=entry + 0.5)
        rows = found["event_count"] > 0
        assert found["age_days"][rows].tolist() == (expected.surv_times - 1).tolist()
        assert found["survival"][rows] == pytest.approx(expected.surv_prob, abs=1e-9)
        assert found["cumulative_incidence"][rows] == pytest.approx(
            1 - expected.surv_prob, abs=1e-9
        )
        # once survival is 0 the library's error is none, and ours null
        alive = expected.surv_prob > 1e-12
        assert found["standard_error"][rows][alive] == pytest.approx(
            expected.surv_prob_se[alive], abs=1e-9
        )
        assert np.isnan(found["standard_error"][rows][~alive]).all()
    assert compared > 2_500
    assert with_entry > compared / 4


def test_with_competition_the_estimate_equals_statsmodels_wherever_it_can_estimate(
    random_cohorts, estimated
):
    """Without delayed entry, which its estimate does not know."""
    compared = 0
    for cohort, entry, age, kind in random_cohorts.by_cohort():
        # only where it numbers the causes as we do
        if entry.any() or set(kind) != {CENSORED, EVENT, EXIT}:
            continue
        compared += 1
        with np.errstate(divide="ignore", invalid="ignore"):  # its error, which is not compared
            expected = CumIncidenceRight(age + 1.0, kind)
        at_times = dict(zip(expected.times - 1, expected.cinc[0], strict=True))
        found = estimated[cohort]
        assert found["cumulative_incidence"] == pytest.approx(
            [at_times[day] for day in found["age_days"]], abs=1e-9
        )
    assert compared > 4_000


def test_survival_of_the_published_leukemia_data_comes_out(incidence_query):
    """Acute myelogenous leukemia, Miller 1997, as printed by R's survival package (doaml)."""
    maintained = [9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161]
    is_event = [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0]
    other = [5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45]
    age = np.array(maintained + other)
    waits = Waits(
        cohort=np.repeat([1, 2], [len(maintained), len(other)]),
        entry=np.zeros(len(age), dtype=int),
        age=age,
        kind=np.array(is_event + [day != 16 for day in other], dtype=int),
    )
    found = estimates(incidence_query, waits)
    at_events = found[1]["event_count"] > 0
    assert found[1]["survival"][at_events].round(3).tolist() == [
        0.909,
        0.818,
        0.716,
        0.614,
        0.491,
        0.368,
        0.184,
    ]
    assert found[1]["standard_error"][at_events].round(4).tolist() == [
        0.0867,
        0.1163,
        0.1397,
        0.1526,
        0.1642,
        0.1627,
        0.1535,
    ]
    assert found[2]["survival"].round(4)[[0, -2, -1]].tolist() == [0.8333, 0.0972, 0.0]
    assert np.isnan(found[2]["standard_error"][-1])
    medians = [
        rows["age_days"][rows["cumulative_incidence"] >= 0.5 - 1e-12][0] for rows in found.values()
    ]
    assert medians == [31, 23]


def test_an_empty_risk_set_in_between_changes_nothing_and_one_used_up_ends_the_estimate(
    incidence_query,
):
    """By hand. Cohort 1: one of two leaves on day 2, the other is watched to day 3; a third enters
    on day 7 and has the event on day 9: 1/2 + 1/2 x 1. Cohort 2: both have gone by day 2, half by
    the event; who enters on day 7 comes too late.
    """
    rows = np.array(
        [
            (1, 0, 2, EVENT),
            (1, 0, 3, CENSORED),
            (1, 7, 9, EVENT),
            (2, 0, 2, EVENT),
            (2, 0, 2, EXIT),
            (2, 7, 9, EVENT),
        ]
    )
    found = estimates(incidence_query, Waits(*rows.T))
    assert found[1]["cumulative_incidence"].tolist() == pytest.approx([0.5, 0.5, 1.0])
    assert found[1]["at_risk_count"].tolist() == [2, 1, 1]
    assert found[2]["cumulative_incidence"].tolist() == pytest.approx([0.5, 0.5])
    assert found[2]["survival"].tolist() == [0.0, 0.0]
