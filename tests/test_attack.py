"""The attack finds what arithmetic finds, and after suppression and repair there is nothing left.

Tables by hand, of programs A to D and half-years, where whoever reads can do the sums; and random
small tables, where every table of whole numbers that agrees with what is shown is tried.
"""

from collections.abc import Iterable, Sequence
from itertools import product

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from orchestration.account_tables import bounds as bounds_module
from orchestration.account_tables import limits
from orchestration.account_tables import solve as solve_module
from orchestration.account_tables import suppress as suppress_module
from orchestration.account_tables import system as system_module
from orchestration.account_tables.attack import told_of_few
from orchestration.account_tables.cells import Cells, cells_of, ties, told_rows
from orchestration.account_tables.marts import Group
from orchestration.account_tables.repair import repair
from orchestration.account_tables.solve import findings
from orchestration.account_tables.suppress import suppress
from orchestration.account_tables.system import system_of
from orchestration.account_tables.unknowns import Release

PREVIOUS = {"activated": "enrolled", "engaged": "activated", "completed": "engaged"}
FIRST, SECOND = "2024-H1", "2024-H2"


def groups(counts: dict[str, tuple[int, int]], stage: str = "activated") -> list[Group]:
    """One intake: {'A': (3, 40)} is 3 of 40 people of program A."""
    return [Group(stage, program, FIRST, *pair) for program, pair in counts.items()]


def shown(people: Iterable[Group], *hidden: tuple[str, str]) -> Release:
    """A release of these groups that hides (member, 'numerator') and so on, and nothing else."""
    people = list(people)
    rows = told_rows(cells_of(people))
    for row in rows:
        for count in ("numerator", "denominator"):
            member, stage = row["member_code"], row["stage_code"]
            if {(member, count), (f"{member} {stage}", count)} & set(hidden):
                row[f"{count}_count"] = None
                row["is_hidden"], row["hidden_reason"] = True, "protected"
    return Release("this", people, rows)


def words(*releases: Release) -> list[str]:
    """What the attack says of the last of some releases."""
    names = [f"r{place}" for place in range(len(releases))]
    return [finding.words for finding in findings(system_of(releases, PREVIOUS), names)]


def protected(people: Sequence[Group], *earlier: Release, enrolled: int | None = None) -> Cells:
    """The cells of an account after suppression and repair."""
    cells = cells_of(people)
    tied = ties(cells, people, PREVIOUS)
    suppress(cells, tied, [row for release in earlier for row in release.rows])
    repair(cells, tied, people, earlier, PREVIOUS, enrolled)
    return cells


def hidden_in(cells: Cells, count: str = "numerator", stage: str = "activated") -> set[str]:
    return {cell.member for cell in cells.values() if cell.stage == stage and count in cell.hidden}


def test_one_hidden_cell_is_the_total_less_the_others():
    people = groups({"A": (3, 40), "B": (16, 40), "C": (19, 40)})
    found = words(shown(people, ("A", "numerator")))
    assert any("program A" in text and "sum and difference" in text for text in found)


def test_two_hidden_cells_protect_each_other_if_they_are_enough_people():
    # As in the published case X = 9 = A 3 + B 6 (with a minimum of 5): A is few, B protects it.
    people = groups({"A": (3, 40), "B": (16, 40), "C": (19, 40)})
    assert words(shown(people, ("A", "numerator"), ("B", "numerator"))) == []
    assert hidden_in(protected(people)) == {"A", "B"}


def test_two_hidden_cells_of_nine_people_together_are_found_and_a_third_protects_them():
    people = groups({"A": (3, 40), "B": (6, 40), "C": (19, 40), "D": (21, 40)})
    found = words(shown(people, ("A", "numerator"), ("B", "numerator")))
    assert any("together known to be a few people" in text for text in found)
    assert hidden_in(protected(people)) == {"A", "B", "C"}


def test_hidden_cells_of_nobody_are_found_by_their_bounds():
    people = groups({"A": (0, 12), "B": (0, 13), "C": (19, 40)})
    found = words(shown(people, ("A", "numerator"), ("B", "numerator")))
    assert any("program A" in text and "known to 0 people" in text for text in found)
    assert "C" in hidden_in(protected(people))


def test_both_margins_of_a_hidden_square_are_protected():
    people = [
        Group("activated", "A", FIRST, 2, 20),
        Group("activated", "A", SECOND, 4, 20),
        Group("activated", "B", FIRST, 5, 20),
        Group("activated", "B", SECOND, 14, 30),
        Group("activated", "C", FIRST, 15, 40),
        Group("activated", "C", SECOND, 15, 40),
    ]
    open_square = shown(people, ("A", "numerator"))
    assert any("program A" in text for text in words(open_square))
    cells = protected(people)
    assert hidden_in(cells) >= {"A", "B"}
    assert words(Release("this", people, told_rows(cells))) == []


@pytest.mark.parametrize(("people", "is_found"), [(19, True), (99, True), (100, False)])
def test_a_coded_share_of_fewer_than_a_hundred_people_leaves_few_counts(people, is_found):
    # All of them: at least 95 % of 19 is 19, of 99 it is 95 to 99, of 100 it is 95 to 100.
    release = shown(groups({"A": (people, people), "B": (16, 40), "C": (15, 40)}))
    for row in release.rows:
        if row["member_code"] in ("A", "all", FIRST):
            row["numerator_count"] = None
        if row["member_code"] == "A":
            row["share_text"] = "at least 95 %"
    assert any("program A" in text for text in words(release)) is is_found


def test_a_share_of_all_is_coded_from_a_hundred_people_on_and_hidden_below():
    cells = protected(groups({"A": (100, 100), "B": (99, 99), "C": (30, 60), "D": (30, 60)}))
    a, b = (cells["program", member, "activated"] for member in "AB")
    assert (a.share_text, a.reason) == ("at least 95 %", None)
    assert (b.share_text, b.reason) == (None, "protected")


def test_a_hidden_numerator_is_the_denominator_of_the_next_stage():
    people = groups({"A": (44, 48), "B": (30, 60), "C": (30, 60)})
    people += groups({"A": (22, 44), "B": (15, 30), "C": (15, 30)}, "engaged")
    numerators = [(f"{member} activated", "numerator") for member in "AB"]
    found = words(shown(people, *numerators))
    assert any("program A, activated: the hidden numerator" in text for text in found)
    cells = protected(people)
    assert "denominator" in cells["program", "A", "engaged"].hidden
    assert words(Release("this", people, told_rows(cells))) == []


def test_the_difference_of_two_stages_that_count_other_intakes_is_an_intake():
    # Activated counts two intakes, engaged the first only: of the second 4 of 30 were activated.
    people = [
        Group("activated", "A", FIRST, 40, 60),
        Group("activated", "A", SECOND, 4, 30),
        Group("engaged", "A", FIRST, 20, 40),
    ]
    release = shown(people, (SECOND, "numerator"), (f"{FIRST} activated", "numerator"))
    assert any(f"intake {SECOND}" in text for text in words(release))
    cells = protected(people)
    assert words(Release("this", people, told_rows(cells))) == []
    assert SECOND in hidden_in(cells)


def test_what_one_release_hides_the_difference_of_two_may_not_show():
    # Three people of program A come with the next intake; 40 less 37 would tell of them.
    before = [Group("activated", "A", FIRST, 37, 70), Group("activated", "B", FIRST, 40, 70)]
    after = [
        *before,
        Group("activated", "A", SECOND, 3, 12),
        Group("activated", "B", SECOND, 30, 55),
    ]
    earlier = Release("old", before, told_rows(protected(before)))
    assert hidden_in(protected(before)) == set()
    found = words(earlier, shown(after))
    assert any("program A" in text and "from release r0 is known" in text for text in found)
    cells = protected(after, earlier)
    assert cells["program", "A", "activated"].hidden == {"numerator"}
    assert words(earlier, Release("this", after, told_rows(cells))) == []


def test_a_hole_that_a_later_release_opens_is_closed_again():
    # The old release hid A and B; a new one that shows B, unchanged, would show A of the old.
    before = groups({"A": (3, 40), "B": (16, 40), "C": (19, 40), "D": (20, 40)})
    earlier = Release("old", before, told_rows(protected(before)))
    after = groups({"A": (15, 60), "B": (16, 40), "C": (19, 40), "D": (20, 40)})
    assert hidden_in(protected(after)) == set()
    found = words(earlier, shown(after))
    assert any(text.startswith("release r0, program A") for text in found)
    cells = protected(after, earlier)
    assert "B" in hidden_in(cells)
    assert words(earlier, Release("this", after, told_rows(cells))) == []


def test_after_a_correction_of_one_person_no_rate_is_told_either():
    # 51 % of 180 is 91 or 92 people; that 92 is hidden beside an earlier 91 would leave 92.
    before, after = groups({"A": (91, 180)}), groups({"A": (92, 180)})
    earlier = Release("old", before, told_rows(protected(before)))
    rows = told_rows(protected(after, earlier))
    assert {row["numerator_count"] for row in rows} == {None}
    assert {row["hidden_reason"] for row in rows} == {"protected"}
    assert not any(row.get("rate") for row in rows)
    assert words(earlier, Release("this", after, rows)) == []


def test_one_who_comes_late_hides_whom_the_step_was_counted_of_and_not_who_took_it():
    # 31 of 80 were told; of 81 the 31 are known already, so hiding them would hide nothing.
    before = groups({"A": (31, 80), "B": (44, 100)})
    after = groups({"A": (31, 81), "B": (44, 100)})
    earlier = Release("old", before, told_rows(protected(before)))
    cells = protected(after, earlier)
    assert cells["program", "A", "activated"].hidden == {"denominator"}
    assert words(earlier, Release("this", after, told_rows(cells))) == []


def test_a_difference_adds_up_over_many_releases():
    # One more each time: whoever reads the fifth beside the first knows of four.
    history = [groups({"A": (number, 180), "B": (70, 120)}) for number in range(91, 96)]
    releases: list[Release] = []
    for people in history:
        releases.append(
            Release(f"r{len(releases)}", people, told_rows(protected(people, *releases)))
        )
        assert words(*releases) == []
    told = [row["numerator_count"] for row in releases[-1].rows if row["member_code"] == "A"]
    assert told == [None]
    alone = Release("r4", history[-1], told_rows(protected(history[-1])))
    assert any("program A" in text for text in words(*releases[:-1], alone))


def test_what_two_stages_tell_together_of_those_who_did_not_is_found():
    # Of A 100 of 133 were activated, 70 of them of the first intake, which had 100: of the second
    # 30 of 33 were, and three were not.
    people = [
        Group("activated", "A", FIRST, 70, 100),
        Group("activated", "A", SECOND, 30, 33),
        Group("activated", "B", FIRST, 80, 120),
        Group("activated", "B", SECOND, 70, 110),
        Group("engaged", "A", FIRST, 40, 70),
        Group("engaged", "B", FIRST, 45, 80),
        Group("completed", "A", FIRST, 40, 100),
        Group("completed", "B", FIRST, 45, 120),
    ]
    previous = {"activated": "enrolled", "engaged": "activated", "completed": "enrolled"}
    release = shown(people)
    found = [each.words for each in findings(system_of([release], previous), ["this"])]
    assert any(f"A of {SECOND}, activated" in text and "did not" in text for text in found)
    cells = cells_of(people)
    tied = ties(cells, people, previous)
    suppress(cells, tied)
    repair(cells, tied, people, [], previous, None)
    safe = Release("this", people, told_rows(cells))
    assert findings(system_of([safe], previous), ["this"]) == []


def test_which_rule_hides_a_count_is_not_told():
    # 9 of 170 are few, B protects them: a word for each would leave 9 or 161, and 79 less B is 9.
    rows = told_rows(protected(groups({"A": (9, 170), "B": (70, 120), "C": (80, 130)})))
    told = {row["member_code"]: (row["is_hidden"], row["hidden_reason"]) for row in rows}
    assert told["A"] == told["B"] == (True, "protected")


@pytest.mark.parametrize(("step", "is_found"), [(29, True), (120, False)])
def test_a_hidden_number_known_to_a_few_people_is_found(step, is_found):
    # At most 5 % of 29 is nobody or one, and that is of whom the next step is counted.
    people = [*groups({"A": (1, step)}), *groups({"A": (0, 1)}, "engaged")]
    release = shown(people)
    for row in release.rows:
        row["numerator_count"] = None
        if row["stage_code"] == "activated":
            row["share_text"] = "at most 5 %"
        else:
            row["denominator_count"] = None
    assert any("is known to 1 people" in text for text in words(release)) is is_found


def test_an_unchanged_release_shows_what_the_one_before_showed():
    people = groups({"A": (3, 40), "B": (16, 40), "C": (19, 40), "D": (20, 40)})
    first = protected(people)
    earlier = Release("old", people, told_rows(first))
    assert told_rows(protected(people, earlier)) == told_rows(first)


def test_showing_any_hidden_number_of_few_people_is_found():
    people = groups({"A": (3, 40), "B": (16, 40), "C": (19, 40), "D": (33, 40), "E": (5, 8)})
    cells = protected(people)
    assert words(Release("this", people, told_rows(cells))) == []
    for key, cell in cells.items():
        few = 0 < cell.numerator < 10 or 0 < cell.denominator - cell.numerator < 10
        if few and cell.cut == "program":
            rows = told_rows(cells)
            opened = next(row for row in rows if (row["cut"], row["member_code"]) == key[:2])
            opened |= {"numerator_count": cell.numerator, "denominator_count": cell.denominator}
            release = Release("this", people, rows)
            system = system_of([release], PREVIOUS)
            assert list(told_of_few(release, system)), key


PAIR = st.tuples(st.integers(0, 45), st.integers(0, 45)).map(sorted)


@st.composite
def histories(draw: st.DrawFn) -> list[list[Group]]:
    """Two releases of two programs, two intakes and two stages; some groups change between them."""
    first, second = [], []
    for program, intake in product("AB", (FIRST, SECOND)):
        middle, all_of = draw(PAIR)
        reached = draw(st.integers(0, middle))
        more = draw(st.sampled_from([0, 0, 0, 2, 15]))
        for release, extra in ((first, 0), (second, more)):
            if release is second or intake == FIRST or draw(st.booleans()):
                release.append(Group("activated", program, intake, middle + extra, all_of + extra))
                release.append(Group("engaged", program, intake, reached, middle + extra))
    return [first, second]


def one_person_comes() -> list[list[Group]]:
    """Two releases: a new intake of one person, who does not take the step; the total stays."""
    first = [
        Group("activated", "A", FIRST, 10, 20),
        Group("engaged", "A", FIRST, 0, 10),
        Group("activated", "B", FIRST, 0, 0),
        Group("engaged", "B", FIRST, 0, 0),
    ]
    new = [("A", "activated", 0), ("A", "engaged", 0), ("B", "activated", 1), ("B", "engaged", 0)]
    return [first, first + [Group(stage, program, SECOND, 0, of) for program, stage, of in new]]


def presolve_says_one_at_most() -> list[list[Group]]:
    """Two releases of which HiGHS's presolve says that at most one of B took the step, not ten."""
    old = [
        Group("activated", "A", FIRST, 0, 10),
        Group("engaged", "A", FIRST, 0, 0),
        Group("activated", "B", FIRST, 1, 19),
        Group("engaged", "B", FIRST, 0, 1),
    ]
    new = [
        Group("activated", "A", FIRST, 2, 12),
        Group("engaged", "A", FIRST, 0, 2),
        Group("activated", "A", SECOND, 8, 8),
        Group("engaged", "A", SECOND, 3, 8),
        *old[2:],
        Group("activated", "B", SECOND, 9, 9),
        Group("engaged", "B", SECOND, 7, 9),
    ]
    return [old, new]


@settings(max_examples=15)
@example(one_person_comes())
@example(presolve_says_one_at_most())
@given(histories())
def test_no_hidden_number_of_two_releases_is_known_to_fewer_than_five_people(history):
    """Solved over whole numbers by another solver, from the groups and rows alone."""
    before, after = history
    earlier = Release("old", before, told_rows(protected(before)))
    now = Release("this", after, told_rows(protected(after, earlier)))
    assert_whole_values((earlier, now))


def assert_whole_values(releases: Sequence[Release]) -> None:
    """Each hidden count can be whole numbers five people apart that agree with all that is told."""
    columns, lower, upper, rows = {}, [], [], []
    for place, release in enumerate(releases):
        stages = {group.stage for group in release.groups}
        programs = {group.program for group in release.groups}
        truth = {(group.stage, group.program, group.intake): group for group in release.groups}
        for stage in stages:
            intakes = {group.intake for group in release.groups if group.stage == stage}
            for program, intake, count in product(programs, intakes, ("numerator", "denominator")):
                group = truth.get((stage, program, intake))
                columns[place, stage, program, intake, count] = (
                    getattr(group, count) if group else 0
                )
    index = {column: number for number, column in enumerate(columns)}

    def add(terms: dict[tuple, float], low: float, high: float) -> None:
        row = np.zeros(len(index))
        for column, weight in terms.items():
            row[index[column]] += weight
        rows.append(row)
        lower.append(low)
        upper.append(high)

    for column, value in columns.items():
        place, stage, program, intake, count = column
        if count == "numerator":
            add({column: 1, (place, stage, program, intake, "denominator"): -1}, -np.inf, 0)
        same = [(0, stage, program, intake, count)] if place else []
        if stage == "engaged" and count == "denominator":
            same.append((place, "activated", program, intake, "numerator"))
        for other in same:
            if columns.get(other) == value:
                add({column: 1, other: -1}, 0, 0)
    hidden = []
    for place, release in enumerate(releases):
        for row in release.rows:
            sums = {}
            for count in ("numerator", "denominator"):
                sums[count] = [
                    column
                    for column in index
                    if (column[0], column[1], column[4]) == (place, row["stage_code"], count)
                    and row["member_code"] in ("all", column[2], column[3])
                ]
                if (value := row[f"{count}_count"]) is not None:
                    add(dict.fromkeys(sums[count], 1), value, value)
                else:
                    hidden.append(((place, row["member_code"], row["stage_code"]), sums[count]))
            share = {
                "at most 5 %": (0, 0.05),
                "at least 95 %": (0.95, 1),
                None: (0, 1),
            }[row["share_text"]]
            for bound, low, high in ((share[0], 0, np.inf), (share[1], -np.inf, 0)):
                terms = dict.fromkeys(sums["numerator"], 1) | dict.fromkeys(
                    sums["denominator"], -bound
                )
                add(terms, low, high)
    for name, of_sum in hidden:
        vector = np.zeros(len(index))
        vector[[index[column] for column in of_sum]] = 1
        least, most = (
            sign
            * milp(
                sign * vector,
                integrality=np.ones(len(index)),
                bounds=Bounds(0, 1000),
                constraints=LinearConstraint(np.array(rows), lower, upper),
                options={"presolve": False},  # it cuts solutions off at times: scipy 1.17.1
            ).fun
            for sign in (1, -1)
        )
        assert most - least > 4.5, (name, least, most)


COUNT = st.integers(0, 6)
PEOPLE = st.lists(
    st.tuples(COUNT, COUNT).map(lambda pair: (min(pair), max(pair))), min_size=4, max_size=4
)


@settings(max_examples=40)
@given(PEOPLE)
def test_every_hidden_number_has_at_least_two_values(pairs):
    """Two programs and two intakes, a minimum of three people, and every table that agrees."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (limits, solve_module, suppress_module, system_module):
            patch.setattr(module, "MINIMUM", 3)
        patch.setattr(bounds_module, "PROTECTION", 1)
        people = [
            Group("activated", program, intake, *pair)
            for (program, intake), pair in zip(product("AB", (FIRST, SECOND)), pairs, strict=True)
        ]
        cells = protected(people)
        assume(cells)
    rows = told_rows(cells)
    assert_two_values(people, rows)


def assert_two_values(people: Sequence[Group], rows: Sequence[dict]) -> None:
    """Try every table of 0 to 9 people in each group and look at what the hidden numbers can be."""
    tables = np.array(list(product(range(10), repeat=len(people))), np.int8)
    member = {
        row["member_code"]: np.array(
            [row["member_code"] in ("all", group.program, group.intake) for group in people]
        )
        for row in rows
    }
    agreeing = {}
    for count in ("numerator", "denominator"):
        fits = np.ones(len(tables), bool)
        for row in rows:
            if (value := row[f"{count}_count"]) is not None:
                fits &= tables[:, member[row["member_code"]]].sum(axis=1) == value
        agreeing[count] = tables[fits]
    hidden = [
        (row, count)
        for row in rows
        for count in ("numerator", "denominator")
        if row[f"{count}_count"] is None
    ]
    values: list[set[int]] = [set() for _ in hidden]
    random = np.random.default_rng(1)
    for few in (200, None):
        some = {
            count: of if few is None or len(of) <= few else of[random.choice(len(of), few)]
            for count, of in agreeing.items()
        }
        for denominators in some["denominator"]:
            numerators = some["numerator"]
            fits = (numerators <= denominators).all(axis=1)
            for row in rows:
                people_of = member[row["member_code"]]
                reached, of = numerators[:, people_of].sum(axis=1), denominators[people_of].sum()
                if row["share_text"] == "at most 5 %":
                    fits &= 20 * reached <= of
                elif row["share_text"] == "at least 95 %":
                    fits &= 20 * reached >= 19 * of
            if not fits.any():
                continue
            for place, (row, count) in enumerate(hidden):
                people_of = member[row["member_code"]]
                if count == "denominator":
                    values[place].add(int(denominators[people_of].sum()))
                else:
                    values[place] |= set(numerators[fits][:, people_of].sum(axis=1).tolist())
            if all(len(possible) > 1 for possible in values):
                return
    told = [(row["member_code"], count) for row, count in hidden]
    raise AssertionError(dict(zip(told, values, strict=True)))
