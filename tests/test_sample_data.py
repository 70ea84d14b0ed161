"""The demo tenant's folder: same bytes by seed, never half or over foreign files, from truths."""

import gc
import json
import re
import subprocess
import sys
import tracemalloc
import weakref
from dataclasses import asdict, fields, is_dataclass, replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from sample_data import landing
from sample_data.landing import MARKER, LandingError, land
from sample_data.platform import block
from sample_data.tenant import FLAWS, TRUTH, Tenant
from sample_data.truths import Truths, TruthsError, read_truths
from sample_data.world import make_world

PROJECT = Path(__file__).resolve().parent.parent
README = (PROJECT / "sample_data" / "README.md").read_text(encoding="utf-8")
SMALL = replace(Truths(), accounts=Truths().accounts[3:6])
SCALE = 0.05


def land_small(folder: Path, seed: int = 7, scale: float = SCALE) -> landing.Outcome:
    return land(folder, seed, scale, SMALL)


def contents(folder: Path) -> dict[str, bytes]:
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def test_the_same_seed_gives_the_same_bytes_and_another_seed_does_not(tmp_path):
    first = contents(land_small(tmp_path / "a").folder)
    second = contents(land_small(tmp_path / "b").folder)
    other = contents(land_small(tmp_path / "c", seed=8).folder)
    assert first == second
    events = [name for name in first if name.endswith(".parquet")]
    assert events
    assert all(first[name] != other.get(name) for name in events)


def test_the_same_seed_gives_the_same_bytes_in_another_process(tmp_path):
    for name in ("a", "b"):
        folder = str(tmp_path / name)
        code = f"from test_sample_data import *; land_small(Path({folder!r}))"
        places = {"PYTHONPATH": f"{PROJECT}:{PROJECT / 'tests'}", "PYTHONHASHSEED": "random"}
        subprocess.run([sys.executable, "-c", code], check=True, cwd=PROJECT, env=places)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_a_tenant_already_there_is_left_alone(tmp_path):
    assert land_small(tmp_path / "landing").is_new
    times = {path: path.stat().st_mtime_ns for path in (tmp_path / "landing").rglob("*")}
    assert not land_small(tmp_path / "landing").is_new
    assert times == {path: path.stat().st_mtime_ns for path in (tmp_path / "landing").rglob("*")}


def test_another_seed_replaces_the_whole_tenant_and_leaves_nothing_beside(tmp_path):
    land_small(tmp_path / "landing")
    land_small(tmp_path / "landing", seed=9)
    fresh = land_small(tmp_path / "fresh", seed=9)
    assert contents(tmp_path / "landing") == contents(fresh.folder)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["fresh", "landing"]


def test_a_folder_with_files_of_somebody_else_is_refused(tmp_path):
    land_small(tmp_path / "known")
    for folder in ("strange", "known"):
        for name in ("mine.csv", "participant/participant/mine.csv", ".hidden"):
            mine = tmp_path / folder / name
            mine.parent.mkdir(parents=True, exist_ok=True)
            mine.write_text("mine")
            before = contents(tmp_path / folder)
            with pytest.raises(LandingError, match=re.escape(name)):
                land_small(tmp_path / folder, seed=3)
            assert contents(tmp_path / folder) == before
            mine.unlink()


def test_a_file_that_somebody_changed_is_not_written_over(tmp_path):
    land_small(tmp_path / "landing")
    programs = tmp_path / "landing/operations/program/programs.csv"
    programs.write_text(programs.read_text() + "prg-mine,Mine,,,,,,,,,\n")
    with pytest.raises(LandingError, match=r"programs\.csv"):
        land_small(tmp_path / "landing")


def test_a_run_that_fails_midway_leaves_what_was_there(tmp_path, monkeypatch):
    land_small(tmp_path / "landing")
    before = contents(tmp_path / "landing")

    def write_half(root, *arguments):
        (root / "half.csv").write_text("half")
        raise OSError("no space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(landing, "write_tenant", write_half)
        with pytest.raises(OSError, match="no space left"):
            land_small(tmp_path / "landing", seed=3)
    assert contents(tmp_path / "landing") == before
    assert [path.name for path in tmp_path.iterdir()] == ["landing"]


def test_leftovers_of_a_killed_run_need_no_cleaning_by_hand(tmp_path):
    partial = tmp_path / ".landing.partial"
    partial.mkdir()
    (partial / MARKER).write_text('{"seed": 7, "scale": 1, "version": "x", "files": null}')
    (partial / "half.csv").write_text("half")
    land_small(tmp_path / "landing")
    assert [path.name for path in tmp_path.iterdir()] == ["landing"]


def test_the_command_says_what_it_did_and_why_it_did_not(tmp_path):
    def run(*arguments: str) -> subprocess.CompletedProcess:
        command = [sys.executable, "-m", "sample_data", *arguments]
        return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)

    out = str(tmp_path / "a folder" / "landing")
    assert "Demo tenant written" in run("--out", out, "--scale", "0.01").stdout
    assert "already there" in run("--out", out, "--scale", "0.01").stdout
    (tmp_path / "file").write_text("")
    (tmp_path / "wrong.toml").write_text("[platform]\nactivatd = 0.5\n")
    refusals = {
        ("--out", str(tmp_path / "file")): "is not a folder",
        ("--out", out, "--truths", str(tmp_path / "wrong.toml")): "has no parameter activatd",
        ("--out", out, "--truths", str(tmp_path / "none.toml")): "cannot be read",
    }
    for arguments, reason in refusals.items():
        refused = run(*arguments)
        assert refused.returncode == 1
        assert reason in refused.stderr
        assert "Traceback" not in refused.stderr


# -- other truths ----------------------------------------------------------------------------------


def test_a_file_of_truths_changes_what_it_names_and_nothing_else(tmp_path):
    file = tmp_path / "truths.toml"
    file.write_text("""
        [platform]
        activated = 0.7
        visits_per_week = 3
        [[account]]
        account_id = "acc-corvane"
        bottleneck = "failed_logins"
        retention_effect = 1
        customer_since = 2024-01-01
        [[program]]
        program_id = "prg-cybersecurity"
        weeks = 30
    """)
    truths, default = read_truths(file), read_truths()
    assert truths.platform == replace(default.platform, activated=0.7, visits_per_week=3)
    assert (truths.workforce, truths.money, truths.stakeholders) == (
        default.workforce, default.money, default.stakeholders,
    )  # fmt: skip
    changed = [(a, b) for a, b in zip(truths.accounts, default.accounts, strict=True) if a != b]
    assert [(a.account_id, a.bottleneck, a.retention_effect) for a, _ in changed] == [
        ("acc-corvane", "failed_logins", 1)
    ]
    assert [p.weeks for p in truths.programs if p.program_id == "prg-cybersecurity"] == [30]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("[plattform]\nactivated = 0.7", r"\[plattform\] is none of the tables"),
        ("[platform]\nactivated = 'much'", "activated must be float"),
        ("[[account]]\naccount_id = 'acc-nobody'", "names no known account_id: 'acc-nobody'"),
        ("[[program]]\nprogram_id = 'prg-supply-chain'\nweeks = 1.5", "weeks must be int"),
        ("[[account]]\naccount_id = 'acc-velmora'\nbottleneck = 'bad_luck'", "must be one of"),
        ("[workforce]\nlevel_points = [0.1]", "level_points must have 6 values"),
        ("[money]\nmargins = 'low'", "margins must be a list"),
        ("[account]\naccount_id = 'acc-velmora'", r"must be written \[\[account\]\]"),
        ("activated =", "cannot be read"),
    ],
)
def test_a_wrong_file_of_truths_says_what_is_wrong(tmp_path, said, reason):
    file = tmp_path / "truths.toml"
    file.write_text(said)
    with pytest.raises(TruthsError, match=reason):
        read_truths(file)


def as_toml(value: object) -> str:
    """A value as TOML says it; an empty text where nothing is said."""
    if isinstance(value, dict):
        told = {name: part for name, part in value.items() if part is not None}
        return "{" + ", ".join(f"{name} = {as_toml(part)}" for name, part in told.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(as_toml, value)) + "]"
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps("" if value is None else value, ensure_ascii=False)


def test_every_truth_can_be_said_in_a_file(tmp_path):
    """All defaults, written to a file, draw the same tenant."""
    lines = []
    for table, part in asdict(SMALL).items():
        several = isinstance(part, (list, tuple))
        for values in part if several else (part,):
            lines.append(f"[[{table.removesuffix('s')}]]" if several else f"[{table}]")
            lines += [f"{n} = {as_toml(v)}" for n, v in values.items() if v is not None]
    file = tmp_path / "truths.toml"
    file.write_text("\n".join(lines), encoding="utf-8")
    truths = read_truths(file)
    truths = replace(truths, accounts=truths.accounts[3:6])
    first = contents(land_small(tmp_path / "a").folder)
    second = contents(land(tmp_path / "b", 7, SCALE, truths).folder)
    assert {n for n in first if first[n] != second.get(n)} <= {MARKER, TRUTH}  # none is ""
    assert first.keys() == second.keys()


def test_a_troubled_account_can_be_made_healthy_and_another_troubled(tmp_path):
    file = tmp_path / "truths.toml"
    file.write_text("""
        [[account]]
        account_id = "acc-brackenway"
        bottleneck = ""
        [[account]]
        account_id = "acc-corvane"
        bottleneck = "failed_logins"
    """)
    accounts = read_truths(file).accounts[3:6]
    land(tmp_path / "landing", 7, SCALE, replace(SMALL, accounts=accounts))
    truth = json.loads((tmp_path / "landing" / TRUTH).read_text())["platform"]
    assert [(b["account_id"], b["cause"]) for b in truth["bottlenecks"]] == [
        ("acc-corvane", "failed_logins")
    ]


def test_other_truths_draw_another_tenant_that_says_so(tmp_path):
    other = replace(SMALL, platform=replace(SMALL.platform, coaching_attended=0.5))
    land(tmp_path / "landing", 7, SCALE, other)
    truth = json.loads((tmp_path / "landing" / TRUTH).read_text())
    header = {key: truth[key] for key in ("seed", "scale", "last_day")}
    assert header == {"seed": 7, "scale": SCALE, "last_day": "2026-06-30"}
    assert truth["platform"]["coaching_attendance_rate"] == 0.5
    assert {"platform", "workforce", "money", "stakeholders"} < truth.keys()
    assert json.loads((tmp_path / "landing" / FLAWS).read_text())


# -- large tenants ---------------------------------------------------------------------------------


def test_nothing_of_a_block_is_kept_once_it_has_landed(tmp_path, monkeypatch):
    monkeypatch.setattr(block, "BLOCK", 30)
    tenant = Tenant(tmp_path, make_world(SMALL, 7, 0.02))
    past = []
    for drawn in block.blocks(tenant.world):
        tenant.add(drawn)
        past.append(weakref.ref(drawn))
        parts = (drawn.workforce, drawn.journeys, drawn.tables["participant"]["participant_id"])
        past += [weakref.ref(part) for part in parts]
        del drawn, parts
        gc.collect()
        assert not [part for part in past if part() is not None]
    assert len(past) > 20


def test_peak_memory_does_not_grow_with_the_scale(tmp_path, monkeypatch):
    monkeypatch.setattr(block, "BLOCK", 150)
    one_account, peaks = replace(SMALL, accounts=SMALL.accounts[2:]), []
    for scale in (0.1, 0.1, 0.4):  # the first time warms up
        tenant = Tenant(tmp_path / str(len(peaks)), make_world(one_account, 7, scale))
        tracemalloc.start()
        for drawn in block.blocks(tenant.world):
            tenant.add(drawn)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[2] < 1.3 * peaks[1]


def test_a_large_tenant_lands_people_as_parquet_of_the_same_content(tmp_path, monkeypatch):
    monkeypatch.setattr("sample_data.tenant.LARGE", 0)
    land(tmp_path / "landing", 7, SCALE, SMALL)
    folder = tmp_path / "landing" / "participant"
    for entity in ("worker", "enrollment", "submission", "absence", "participant"):
        assert list((folder / entity).glob("*.parquet")), entity
    rows = duckdb.sql(f"""
        select max(typeof(base_pay_annual)), max(typeof(hire_date)), max(typeof(extracted_at))
        from read_parquet('{folder}/worker/*.parquet')
    """).fetchone()
    assert rows == ("DECIMAL(18,4)", "DATE", "TIMESTAMP")


# -- what the README promises ----------------------------------------------------------------------


def as_listed(value: object) -> str:
    """A default as the README's tables show it."""
    if not isinstance(value, tuple):
        return str(value)
    if is_dataclass(value[0]):
        return str(len(value))
    if isinstance(value[0], tuple):
        return "; ".join(" ".join(str(p) for p in part if p is not None) for part in value)
    return ", ".join(map(str, value))


@pytest.mark.parametrize("part", ["workforce", "platform", "money", "stakeholders"])
def test_the_readme_lists_every_parameter_with_its_default(part):
    said = dict(re.findall(rf"^\| `\[{part}\] (\w+)` \| ([^|]+) \|", README, re.M))
    own = getattr(Truths(), part)
    assert said == {field.name: as_listed(getattr(own, field.name)) for field in fields(own)}


def test_the_tests_that_the_readme_names_are_there():
    tests = [
        name
        for path in (PROJECT / "tests").glob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.M)
    ]
    named = set(re.findall(r"`(test_\w+)(\.\.\.)?`", README))
    assert len(named) > 40
    for name, is_cut in named:
        found = [t for t in tests if t == name or (is_cut and t.startswith(name))]
        assert len(found) == 1, (name, found)
