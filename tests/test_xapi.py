"""xAPI statements as learning events.

The statements are written by hand from the rules and examples of the Experience API 1.0.3, part two
(Data), whose sections are named at the tests. Its examples name people by e-mail; where a statement
must be accepted, an account stands in its place.
"""

import gzip
import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from test_load import EVENTS, Provider, as_csv, counts, event

from orchestration.load.report import LoadReport
from orchestration.settings import PROJECT_DIR

SIMPLE_ID = "12345678-1234-5678-1234-567812345678"
ACCOUNT = {
    "objectType": "Agent",
    "account": {"homePage": "http://www.example.com", "name": "1625378"},
}
ADMIN = {"objectType": "Agent", "name": "Example Admin", "mbox": "mailto:admin@example.adlnet.gov"}
VOIDED = {"id": "http://adlnet.gov/expapi/verbs/voided", "display": {"en-US": "voided"}}
SIMPLE = {
    "id": SIMPLE_ID,
    "actor": ACCOUNT,
    "verb": {"id": "http://adlnet.gov/expapi/verbs/created", "display": {"en-US": "created"}},
    "object": {"id": "http://example.adlnet.gov/xapi/example/activity"},
    "timestamp": "2015-11-18T12:17:00+00:00",
}
ATTEMPTED = {
    "id": "7ccd3322-e1a5-411a-a67d-6a735c76f119",
    "timestamp": "2015-12-18T12:17:00+00:00",
    "actor": ACCOUNT | {"name": "Example Learner"},
    "verb": {"id": "http://adlnet.gov/expapi/verbs/attempted", "display": {"en-US": "attempted"}},
    "object": {
        "id": "http://example.adlnet.gov/xapi/example/simpleCBT",
        "definition": {
            "name": {"en-US": "simple CBT course"},
            "description": {"en-US": "A fictitious example CBT course."},
        },
    },
    "result": {
        "score": {"scaled": 0.95},
        "success": True,
        "completion": True,
        "duration": "PT1234S",
    },
}
TEAM = {
    "name": "Team PB",
    "mbox": "mailto:teampb@example.com",
    "member": [
        ACCOUNT | {"name": "Andrew Downes"},
        {"name": "Toby Nichols", "openid": "http://toby.openid.example.org/"},
        {"name": "Ena Hills", "mbox_sha1sum": "ebd31e95054c018b10727ccffd2ef2ec3a016ee9"},
    ],
    "objectType": "Group",
}
# The specification's long example, of an LRS, with one person in place of the team.
ATTENDED = {
    "id": "6690e6c9-3ef0-4ed3-8b37-7f3964730bee",
    "actor": ACCOUNT | {"name": "Andrew Downes"},
    "verb": {"id": "http://adlnet.gov/expapi/verbs/attended", "display": {"en-GB": "attended"}},
    "result": {
        "extensions": {"http://example.com/minuteslocation": "X:\\meetings\\examplemeeting.one"},
        "success": True,
        "completion": True,
        "response": "We agreed on some example actions.",
        "duration": "PT1H0M0S",
    },
    "context": {
        "registration": "EC531277-b57b-4c15-8d91-d292c5b2b8f7",
        "contextActivities": {
            "parent": [{"id": "http://www.example.com/meetings/series/267"}],
        },
        "instructor": ACCOUNT | {"name": "Andrew Downes"},
        "team": TEAM,
        "platform": "Example virtual meeting software",
        "language": "tlh",
    },
    "timestamp": "2013-05-18T05:32:34.804+00:00",
    "stored": "2013-05-18T07:32:35.804+02:00",
    "authority": {"account": {"homePage": "http://cloud.scorm.com/", "name": "anonymous"}},
    "version": "1.0.0",
    "object": {
        "id": "http://www.example.com/meetings/occurances/34534",
        "definition": {
            "name": {"en-GB": "example meeting"},
            "type": "http://adlnet.gov/expapi/activities/meeting",
        },
        "objectType": "Activity",
    },
}


@pytest.fixture
def provider(tmp_path: Path) -> Provider:
    return Provider(tmp_path)


def uuid(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


def land(provider: Provider, *lines: dict[str, object], name: str = "a.jsonl") -> LoadReport:
    """Land statements, or rows of the contract, and load them."""
    provider.land(name, "\n".join(map(json.dumps, lines)) + "\n")
    return provider.load()


def variants(*changes: dict[str, object]) -> list[dict[str, object]]:
    """Return the simple statement with each of the changes, under ids of their own."""
    return [SIMPLE | {"id": uuid(number)} | change for number, change in enumerate(changes, 1)]


def everything_stored(provider: Provider) -> str:
    """Return all text of the raw database that came from a file."""
    tables = ("raw_participant.learning_event", "load_ledger.rejected_rows", "load_ledger.batches")
    rows = [provider.ask(f"select * from {table}") for table in tables]
    return repr(rows) + "\n".join(provider.said)


def test_the_simplest_statement_is_an_event(provider: Provider):  # 2.4
    assert counts(land(provider, SIMPLE)) == [(1, 1, 0, 0)]
    columns = "event_id, participant_id, enrollment_id, verb, object_id, object_type, occurred_at"
    assert provider.events(columns) == [
        (
            SIMPLE_ID,
            "1625378",
            None,
            "created",
            "http://example.adlnet.gov/xapi/example/activity",
            "activity",
            datetime(2015, 11, 18, 12, 17),
        )
    ]


def test_what_a_statement_measured_is_taken(provider: Provider):  # appendix A
    land(provider, ATTEMPTED)
    columns = "verb, success, score_scaled, duration_seconds, quantity, stored_at, voids_event_id"
    assert provider.events(columns) == [
        ("attempted", True, Decimal("0.9500"), 1234, None, None, None)
    ]


def test_what_an_lrs_returns_is_taken(provider: Provider):  # appendix A
    land(provider, ATTENDED)
    columns = "participant_id, enrollment_id, object_type, duration_seconds, occurred_at, stored_at"
    assert provider.events(columns) == [
        (
            "1625378",
            "ec531277-b57b-4c15-8d91-d292c5b2b8f7",
            "meeting",
            3600,
            datetime(2013, 5, 18, 5, 32, 34, 804000),
            datetime(2013, 5, 18, 5, 32, 35, 804000),
        )
    ]


def test_what_has_no_column_is_kept_aside_unless_it_could_name_somebody(provider: Provider):
    raw = {"score": {"scaled": 0.5, "raw": 5, "min": 0, "max": 10}, "response": "I am Ann"}
    land(provider, ATTENDED, *variants({"result": raw}))
    extras = [json.loads(row[0]) for row in provider.events("_extra")]
    assert extras == [
        {
            "verb": "http://adlnet.gov/expapi/verbs/attended",
            "activity_type": "http://adlnet.gov/expapi/activities/meeting",
            "completion": True,
        },
        {
            "verb": "http://adlnet.gov/expapi/verbs/created",
            "score_raw": 5.0,
            "score_min": 0.0,
            "score_max": 10.0,
        },
    ]
    stored = everything_stored(provider)
    assert not any(name in stored for name in ("Andrew", "Toby", "teampb", "ebd31e", "I am Ann"))


def test_a_voiding_statement_names_the_event_that_it_voids(provider: Provider):  # 2.3.2
    voided = "E05AA883-acaf-40ad-bf54-02c8ce485fb0"
    voiding = {
        "id": uuid(1),
        "actor": ADMIN,
        "verb": VOIDED,
        "object": {"objectType": "StatementRef", "id": voided},
        "stored": "2015-11-18T12:17:00Z",
    }
    assert counts(land(provider, SIMPLE | {"id": voided}, voiding)) == [(2, 2, 0, 0)]
    assert provider.events("event_id, participant_id, verb, voids_event_id") == [
        (voided.lower(), "1625378", "created", None),
        (uuid(1), "xapi:voiding", "voided", voided.lower()),
    ]
    assert "admin" not in everything_stored(provider).lower()


def test_a_voiding_statement_must_point_at_a_statement(provider: Provider):  # 2.3.2
    land(
        provider,
        *variants(
            {"verb": VOIDED},
            {"verb": VOIDED, "object": {"objectType": "StatementRef", "id": "e1"}},
            {"verb": {"id": "http://example.com/verbs/voided"}},
        ),
    )
    assert provider.reasons() == [
        (1, "voids_event_id", "missing_required"),
        (2, "voids_event_id", "missing_required"),
    ]
    assert "must be a StatementRef with the id of the statement" in provider.messages()
    # Only the reserved verb voids.
    assert provider.events("verb, voids_event_id") == [("voided", None)]


@pytest.mark.parametrize(
    "actor",
    [
        {"mbox": "mailto:ann@private.example", "name": "Ann Private"},
        {"mbox_sha1sum": "ebd31e95054c018b10727ccffd2ef2ec3a016ee9private"},
        {"openid": "http://ann.private.example/"},
        {"account": {"homePage": "http://www.example.com", "name": "ann@private.example"}},
    ],
)
def test_a_person_known_by_a_direct_identifier_is_rejected_and_not_shown(
    provider: Provider, actor: dict[str, object]
):  # 2.4.2.3
    land(provider, SIMPLE | {"actor": actor}, *variants({}))
    assert provider.reasons() == [(1, "participant_id", "direct_identifier")]
    assert "let actor.account.name hold the participant_id" in provider.messages()
    assert "private" not in everything_stored(provider).lower()
    assert provider.events() == [(uuid(1),)]


def test_a_group_is_not_a_participant(provider: Provider):  # 2.4.2.2
    unnamed = {"objectType": "Group", "member": [ACCOUNT]}
    identified = {"objectType": "Group", "account": ACCOUNT["account"]}
    land(provider, *variants({"actor": TEAM}, {"actor": unnamed}, {"actor": identified}))
    assert provider.reasons() == [(row, "participant_id", "group_actor") for row in (1, 2, 3)]
    assert "land one statement per member" in provider.messages()
    assert "Ena" not in everything_stored(provider)


def test_what_a_statement_is_about_is_told_by_the_kind_of_its_object(provider: Provider):  # 2.4.4
    planned = {  # 2.4.4.3: a statement of intention; nothing was visited
        "objectType": "SubStatement",
        "actor": ADMIN,
        "verb": {"id": "http://example.com/visited"},
        "object": {"objectType": "Activity", "id": "http://example.com/website"},
    }
    objects = [
        {"id": "http://example.com/a", "definition": {"type": "http://example.com/types/video/"}},
        {"objectType": "StatementRef", "id": "8F87ccde-bb56-4c2e-ab83-44982ef22df0"},
        planned,
        ACCOUNT,
        {"objectType": "Agent", "mbox": "mailto:test@example.com"},
        {"objectType": "Group", "mbox": "mailto:team@example.com"},
        {"id": "mailto:test@example.com"},
    ]
    land(provider, *variants(*({"object": of_this_kind} for of_this_kind in objects)))
    assert provider.events("object_type, object_id") == [
        ("video", "http://example.com/a"),
        ("statement_ref", "8f87ccde-bb56-4c2e-ab83-44982ef22df0"),
        ("sub_statement", None),
        ("agent", "1625378"),
        ("agent", None),
        ("group", None),
        ("activity", None),
    ]
    assert "@" not in everything_stored(provider)


def test_the_verb_is_the_last_segment_of_its_iri(provider: Provider):  # 2.4.3
    verbs = {
        "http://adlnet.gov/expapi/verbs/completed": "completed",
        "https://w3id.org/xapi/adl/verbs/logged-in": "logged_in",
        "http://example.com/xapi/verbs#sent-a-statement": "sent_a_statement",
        "http://id.tincanapi.com/verb/viewed/": "viewed",
        "urn:example:verbs:Watched": "watched",
        "http://example.com/فعل/خواندن": "خواندن",
    }
    land(provider, *variants(*({"verb": {"id": iri}} for iri in verbs)))
    assert [row[0] for row in provider.events("verb")] == list(verbs.values())


def test_the_display_of_a_verb_means_nothing(provider: Provider):  # 2.4.3
    land(provider, *variants({"verb": {"display": {"en-US": "completed"}}}))
    assert provider.reasons() == [(1, "verb", "missing_required")]


@pytest.mark.parametrize(
    ("duration", "seconds"),
    [
        ("PT4H35M59.14S", 16_559),
        ("P16559.14S", 16_559),
        ("P4W", 2_419_200),
        ("P1DT2H", 93_600),
        ("P1D", 86_400),
        ("PT1H30M", 5_400),
        ("PT90M", 5_400),
        ("PT1,5H", 5_400),
        ("PT0S", 0),
        ("PT0.49S", 0),
        ("PT59.5S", 60),
        ("PT12.3456789S", 12),
        ("P0Y0M0DT0H5M0S", 300),
        # Years and months have no fixed length.
        ("P3Y", None),
        ("P1M", None),
        ("P3Y1M29DT4H35M59.14S", None),
    ],
)
def test_durations_are_whole_seconds(provider: Provider, duration: str, seconds: int | None):  # 4.6
    land(provider, *variants({"result": {"duration": duration}}))
    ((taken, extra),) = provider.events("duration_seconds, _extra")
    assert taken == seconds
    assert json.loads(extra).get("duration") == (None if seconds is not None else duration)


def test_what_is_no_duration_is_rejected(provider: Provider):  # 4.6
    # The last is ISO 8601's alternative format, which the specification forbids.
    bad = ["P4W1D", "P", "PT", "P1DT", "pt5m", "-PT5S", "5 minutes", "300", "P0000-00-00T04:35:59"]
    land(provider, *variants(*({"result": {"duration": duration}} for duration in bad)))
    assert provider.reasons() == [
        (row, "duration_seconds", "bad_duration") for row in range(1, 1 + len(bad))
    ]


def test_a_statement_without_a_time_happened_when_it_was_stored(provider: Provider):  # 2.4.7
    timeless = {name: value for name, value in SIMPLE.items() if name != "timestamp"}
    land(
        provider,
        timeless | {"stored": "2015-11-18T13:17:00.5+01:00"},
        timeless | {"id": uuid(1)},
        timeless | {"id": uuid(2), "timestamp": "20151118T121700Z"},
    )
    assert provider.events("occurred_at, stored_at") == [
        (datetime(2015, 11, 18, 12, 17, 0, 500000),) * 2
    ]
    assert provider.reasons() == [
        (2, "occurred_at", "missing_required"),
        (3, "occurred_at", "bad_timestamp"),
    ]


def test_a_statement_without_a_sound_id_never_was_in_an_lrs(provider: Provider):  # 2.4.1
    without = {name: value for name, value in SIMPLE.items() if name != "id"}
    land(provider, without, SIMPLE | {"id": "e1"}, SIMPLE | {"id": SIMPLE_ID.replace("-", "")})
    assert provider.reasons() == [
        (1, "event_id", "missing_required"),
        (2, "event_id", "bad_uuid"),
        (3, "event_id", "bad_uuid"),
    ]


def test_a_line_that_lacks_one_of_the_three_parts_is_still_told_as_a_statement(
    provider: Provider,
):  # 2.2
    lines = [{name: SIMPLE[name] for name in SIMPLE if name != part} for part in ("actor", "verb")]
    aimless = {name: SIMPLE[name] for name in SIMPLE if name != "object"}
    land(provider, *lines, aimless | {"id": uuid(1)})
    assert provider.reasons() == [
        (1, "participant_id", "missing_required"),
        (2, "verb", "missing_required"),
    ]
    assert provider.events("event_id, object_id") == [(uuid(1), None)]


def test_values_of_a_wrong_kind_break_nothing(provider: Provider):
    land(
        provider,
        *variants(
            {"result": "passed", "context": [], "object": {"id": 5, "definition": "x"}},
            {"actor": {"account": "1625378"}},
            {"result": {"score": {"scaled": 95}, "success": "maybe", "completion": "yes"}},
            {"timestamp": {"at": "noon"}},
            {"context": {"registration": "enrollment-7"}},
        ),
    )
    assert provider.reasons() == [
        (2, "participant_id", "missing_required"),
        (3, "score_scaled", "out_of_range"),
        (3, "success", "bad_boolean"),
        (4, "occurred_at", "bad_timestamp"),
    ]
    assert provider.events("object_id, enrollment_id") == [
        (None, None),
        (SIMPLE["object"]["id"], "enrollment-7"),
    ]


@pytest.mark.parametrize("name", [{"full": "Ann Secret"}, ["Ann Secret"], 1625378, True])
def test_an_account_name_that_is_no_text_is_rejected(provider: Provider, name: object):  # 2.4.2.4
    land(provider, *variants({"actor": {"account": {"name": name}}}))
    assert provider.reasons() == [(1, "participant_id", "missing_required")]
    assert "which is no text: write the participant_id as text" in provider.messages()
    assert "Secret" not in everything_stored(provider)


@pytest.mark.parametrize("address", ["ann@secret.example", "ann%40secret.example"])
def test_an_address_gets_out_of_no_part_of_a_statement(provider: Provider, address: str):
    iri = f"https://lms.example/u/{address}"
    land(
        provider,
        *variants(
            {"context": {"registration": address}},
            {"context": {"registration": {"of": address}}},
            {"object": {"id": address}},
            {"object": {"id": iri, "definition": {"type": iri}}},
            {"object": {"objectType": "StatementRef", "id": f"mailto:{address}"}},
            {"object": {"objectType": "Agent", "account": {"name": address}}},
            {"object": {"id": [address], "definition": {"type": {"of": address}}}},
            {"result": {"success": {"of": address}, "score": {"scaled": [address]}}},
            {"actor": {"account": {"name": address}}},
            {"verb": {"id": iri}},
            {"verb": {"id": {"of": address}}},
            {"timestamp": address},
            {"timestamp": {"at": address}, "stored": "2015-11-18T12:17:00Z"},
            {"id": address},
            {"result": {"duration": address}},
        ),
    )
    assert provider.events("_row_no, enrollment_id, object_id, object_type, success") == [
        (1, None, SIMPLE["object"]["id"], "activity", None),
        (2, None, SIMPLE["object"]["id"], "activity", None),
        (3, None, None, "activity", None),
        (4, None, None, "activity", None),
        (5, None, None, "statement_ref", None),
        (6, None, None, "agent", None),
        (7, None, None, "activity", None),
        (8, None, SIMPLE["object"]["id"], "activity", None),
    ]
    assert provider.reasons() == [
        (9, "participant_id", "direct_identifier"),
        (10, "verb", "direct_identifier"),
        (11, "verb", "missing_required"),
        (12, "occurred_at", "bad_timestamp"),
        (13, "occurred_at", "bad_timestamp"),
        (14, "event_id", "bad_uuid"),
        (15, "duration_seconds", "bad_duration"),
    ]
    assert "secret" not in everything_stored(provider)


def test_a_statement_with_parts_of_a_wrong_kind_is_one_and_its_actor_is_not_kept(
    provider: Provider,
):
    person = {"name": "Ann Secret", "mbox": "mailto:ann@secret.example"}
    row = {"event_id": "e1", "occurred_at": "2026-03-01"}
    parts = [
        {"actor": person, "verb": "viewed", "object": "Secret"},
        {"actor": person, "verb": "viewed"},
        {"actor": person, "object": ["Secret"]},
        {"actor": person},
        {"actor": "Ann Secret", "verb": [], "object": "Secret"},
        {"verb": "viewed", "object": person},
        {"verb": {"id": "viewed"}, "object": person, "participant_id": "p1"},
        {"actor": person, "object": "Secret", "verb": "viewed", "participant_id": "p1"},
    ]
    wrong = [
        {"actor": ACCOUNT, "verb": SIMPLE["verb"], "object": "Secret", "by": "Ann Secret"},
    ]
    sound = {"id": uuid(1), "timestamp": "2026-03-01T00:00:00Z"}
    report = land(provider, *(row | part for part in parts), *(sound | part for part in wrong))
    assert counts(report) == [(9, 1, 8, 0)]
    assert provider.events("event_id, participant_id, object_id") == [(uuid(1), "1625378", None)]
    assert "secret" not in everything_stored(provider).lower()
    assert report.batches[0].extra_columns is None


def test_a_row_of_the_contract_may_have_an_unknown_column_called_as_a_part(provider: Provider):
    rows = [event(1, quantity=None, object="o"), event(2, quantity=None, actor="script")]
    land(provider, *rows)
    assert provider.events("event_id, _extra") == [
        ("e1", '{"object":"o"}'),
        ("e2", '{"actor":"script"}'),
    ]


def test_a_score_that_json_cannot_write_is_not_kept_aside(provider: Provider):
    line = json.dumps(SIMPLE | {"result": {"score": {"raw": "huge", "min": 0}}})
    provider.land("a.jsonl", line.replace('"huge"', "1e999") + "\n")
    provider.load()
    ((extra,),) = provider.events("_extra")
    kept = json.loads(extra, parse_constant=lambda name: pytest.fail(name))
    assert kept == {"verb": SIMPLE["verb"]["id"], "score_min": 0.0}


def test_the_same_statement_again_is_a_duplicate_however_it_is_written(provider: Provider):  # 2.3.1
    again = ATTENDED | {
        "id": ATTENDED["id"].upper(),
        "verb": {"id": ATTENDED["verb"]["id"], "display": {"de": "nahm teil"}},
        "timestamp": "2013-05-18T07:32:34.804+02:00",
        "stored": "2013-05-18T05:32:35.804Z",
    }
    assert counts(land(provider, ATTENDED, again)) == [(2, 1, 0, 1)]
    changed = ATTENDED | {"result": {"success": False}}
    report = land(provider, changed, name="b.jsonl")
    # An LRS would refuse it. It is counted as a correction, and both versions are kept.
    assert counts(report) == [(1, 1, 0, 0)]
    assert report.batches[0].corrected_count == 1


def test_statements_and_rows_of_the_contract_may_share_a_file(provider: Provider):
    row = event(7, quantity=None, mood="fine")
    broken = {"event_id": "e8", "verb": "viewed"}
    report = land(provider, SIMPLE, row, SIMPLE | {"id": "x"}, broken, SIMPLE)
    assert counts(report) == [(5, 2, 2, 1)]
    assert provider.events("event_id, verb, _row_no") == [
        (SIMPLE_ID, "created", 1),
        ("e7", "viewed", 2),
    ]
    assert provider.events("_extra")[1] == ('{"mood":"fine"}',)
    assert report.batches[0].extra_columns == "mood"
    assert provider.reasons() == [
        (3, "event_id", "bad_uuid"),
        (4, "occurred_at", "missing_required"),
        (4, "participant_id", "missing_required"),
    ]
    assert (
        '"event_id": "e8"'
        in provider.ask("select raw_row from load_ledger.rejected_rows where row_no = 4")[0][0]
    )


def test_broken_lines_among_statements_cost_themselves_only(provider: Provider):
    good = [json.dumps(statement) for statement in variants({}, {}, {})]
    text = "\n".join([good[0], "{not json", good[1], "[]", good[2]]).encode()
    broken = text + b'\n{"actor": {"name": "\xff"}}\n'
    provider.land("a.jsonl.gz", gzip.compress(text))
    provider.land("b.jsonl", broken)
    assert counts(provider.load()) == [(5, 3, 2, 0), (6, 0, 3, 3)]
    assert provider.events("event_id, _row_no") == [(uuid(1), 1), (uuid(2), 3), (uuid(3), 5)]


def test_the_answer_of_an_lrs_is_not_a_line_per_statement(provider: Provider):
    report = land(provider, {"statements": [SIMPLE], "more": ""})
    assert "holds the answer of an LRS, with the statements inside" in report.failed[0].reason


def test_only_learning_events_may_be_statements(provider: Provider):
    provider.land("a.jsonl", json.dumps(SIMPLE), "participant/enrollment")
    provider.land("a.csv", as_csv([event(1)]))
    report = provider.load()
    assert "has no column enrollment_id" in report.failed[0].reason
    assert provider.events("_file") == [(f"{EVENTS}/a.csv",)]


def test_the_seed_knows_the_verbs_of_cmi5_and_of_adl():
    lines = (PROJECT_DIR / "seeds" / "verbs.csv").read_text(encoding="utf-8").splitlines()
    known = {line.partition(",")[0] for line in lines}
    cmi5 = "launched initialized completed passed failed abandoned waived terminated satisfied"
    adl = (
        "answered asked attempted attended commented exited experienced imported interacted "
        "mastered preferred progressed registered responded resumed scored shared suspended voided "
        "logged_in logged_out"
    )
    assert set(f"{cmi5} {adl}".split()) <= known
