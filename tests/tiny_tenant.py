"""The smallest tenant that makes a release: one account, one program, two people."""

from pathlib import Path

FILES = {
    "stakeholder/account/accounts.csv": """
        account_id,name
        a1,Meridian Foods
    """,
    "operations/program/programs.csv": """
        program_id,title,planned_weeks
        g1,Data Analytics,12
    """,
    "participant/participant/participants.csv": """
        participant_id,account_id,email
        p1,a1,one@meridian.example
        p2,a1,two@meridian.example
    """,
    "participant/enrollment/enrollments.csv": """
        enrollment_id,participant_id,program_id,start_date,enrolled_at,updated_at
        e1,p1,g1,2026-01-05,2026-01-02T09:00:00Z,2026-01-02T09:00:00Z
        e2,p2,g1,2026-02-02,2026-01-20T09:00:00Z,2026-01-20T09:00:00Z
    """,
    "participant/enrollment_status/statuses.csv": """
        status_event_id,enrollment_id,status,effective_at
        s1,e1,enrolled,2026-01-02T09:00:00Z
        s2,e2,enrolled,2026-01-20T09:00:00Z
        s3,e1,completed,2026-03-27T16:00:00Z
        s4,e2,withdrawn,2026-02-20T16:00:00Z
    """,
    "participant/learning_event/events.csv": """
        event_id,participant_id,enrollment_id,verb,occurred_at
        v1,p1,e1,logged_in,2026-01-05T08:00:00Z
        v2,p1,e1,viewed,2026-01-05T08:05:00Z
        v3,p1,e1,viewed,2026-01-12T08:05:00Z
        v4,p1,e1,viewed,2026-01-19T08:05:00Z
        v5,p2,e2,viewed,2026-02-03T08:05:00Z
        v6,p2,,logged_in,2026-03-31T08:05:00Z
    """,
}


def land(landing_dir: Path, files: dict[str, str] = FILES) -> None:
    """Write landed files, each a text whose indentation does not count."""
    for name, text in files.items():
        path = landing_dir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(line.strip() for line in text.strip().splitlines()) + "\n")
