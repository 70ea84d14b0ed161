"""The early indicators of the demo tenant, counted from its landed files in days since start."""

from collections import defaultdict
from dataclasses import dataclass

import duckdb
from landed_files import MEANINGFUL, is_good
from scipy import stats

EXITS = ("withdrawn", "failed", "transferred", "cancelled")
HELD_OR_MISSED = ("completed", "no_show", "cancelled_participant")
FOREVER = 9999


@dataclass
class Watched:
    """Enrollments whose completion window is over, and what they did, in days since their start.

    Every deed has the day it happened and, last, the day it was known.
    """

    outcomes: list[tuple]  # enrollment, day of its end, completed
    active_days: dict[str, list[tuple[int, int]]]
    sessions: dict[str, list[tuple]]  # session, status, day, day known; in the order known
    work: dict[str, list[tuple]]  # piece, due day, carried over, day handed in, day known

    def auc(self, indicator: str, cutoff: int, *, truncated: bool = True) -> float:
        """The AUC for completion, of what was known by the cut-off or of everything."""
        scores = {True: [], False: []}
        for enrollment, end_day, is_completed in self.outcomes:
            if end_day is None or end_day >= cutoff:
                score = getattr(self, indicator)(
                    enrollment, cutoff, cutoff if truncated else FOREVER
                )
                if score is not None:
                    scores[is_completed].append(score)
        statistic = stats.mannwhitneyu(scores[True], scores[False]).statistic
        return statistic / (len(scores[True]) * len(scores[False]))

    def weekly_active_learners(self, enrollment: str, cutoff: int, known_before: int) -> float:
        deeds = self.active_days.get(enrollment, [])
        return len({day for day, known in deeds if day >= cutoff - 7 and known < known_before})

    def week_1_retention(self, enrollment: str, _: int, known_before: int) -> float | None:
        deeds = self.active_days.get(enrollment, [])
        days = {day for day, known in deeds if max(day, known) < known_before}
        return len(days & set(range(7, 14))) if days & set(range(7)) else None

    def program_engagement(self, enrollment: str, cutoff: int, known_before: int) -> float:
        deeds = self.active_days.get(enrollment, [])
        weeks = {day // 7 for day, known in deeds if day >= 0 and known < known_before}
        return len(weeks) / (cutoff // 7)

    def coaching_attendance(self, enrollment: str, _: int, known_before: int) -> float | None:
        standing = {
            session: status
            for session, status, day, known in self.sessions.get(enrollment, [])
            if max(day, known) < known_before
        }
        counted = [status for status in standing.values() if status in HELD_OR_MISSED]
        return counted.count("completed") / len(counted) if counted else None

    def assignment_completion(
        self, enrollment: str, cutoff: int, known_before: int
    ) -> float | None:
        handed_in = defaultdict(list)
        for piece, due, is_carried, day, known in self.work.get(enrollment, []):
            if due < cutoff:
                seen = handed_in[piece]
                if day is not None and max(day, known) < known_before:
                    seen.append((is_carried, day <= due))
        asked = [
            any(is_on_time and not is_carried for is_carried, is_on_time in pieces)
            for pieces in handed_in.values()
            if not pieces or not all(is_carried for is_carried, _ in pieces)
        ]
        return sum(asked) / len(asked) if asked else None


def grouped(rows: list[tuple]) -> dict[str, list[tuple]]:
    """Return the rows by their first value."""
    groups = defaultdict(list)
    for enrollment, *values in rows:
        groups[enrollment].append(tuple(values))
    return groups


def watch(counted: duckdb.DuckDBPyConnection, now: object) -> Watched:
    """Read the landed files as they are known at a moment."""
    counted.execute(f"""
        create or replace temp table watched as
        with marked as (
            select *, effective_at::timestamptz as moment,
                lead(effective_at::timestamptz) over (
                    partition by enrollment_id order by effective_at::timestamptz, entered_at
                ) as next_moment,
                max(effective_at::timestamptz) filter (where status not in {EXITS})
                    over (partition by enrollment_id) as last_open_at
            from last_enrollment_status where effective_at::timestamptz <= timestamptz '{now}+00'
        ),
        ends as (
            select enrollment_id, min(moment) filter (where status = 'completed') as completed_at,
                min(moment) filter (
                    where status in {EXITS} and moment >= coalesce(last_open_at, moment)
                ) as exited_at
            from marked group by 1
        ),
        dated as (
            select enrollment_id, program_id, start_date::date as start_day,
                coalesce(place.zone, 'UTC') as local_zone, -- the participant may never have landed
                timezone(local_zone, completed_at)::date - start_day as completed_day,
                timezone(local_zone, coalesce(completed_at, exited_at))::date - start_day
                    as end_day,
                timezone(local_zone, timestamptz '{now}+00')::date - 1 - start_day as last_day,
                date '{now:%Y-%m-%d}' + 1 - start_day as day_after,
                planned_end_date::date - start_day as planned_days
            from last_enrollment left join place using (participant_id)
            left join ends using (enrollment_id)
        ),
        pauses as (
            select enrollment_id, sum(greatest(0,
                least(timezone(local_zone, next_moment)::date - start_day, end_day, day_after)
                - greatest(timezone(local_zone, moment)::date - start_day, 0)
            ))::int as pause_days
            from marked join dated using (enrollment_id)
            where status in ('on_break', 'deferred') group by 1
        )
        select *, ceil(1.5 * planned_days)::int + coalesce(pause_days, 0) as window_days,
            coalesce(completed_day <= window_days, false) as is_completed
        from dated left join pauses using (enrollment_id)
        where window_days <= last_day and coalesce(end_day >= 0, true)
    """)
    outcomes = counted.sql("select enrollment_id, end_day, is_completed from watched").fetchall()
    active_days = counted.sql(f"""
        with latest as (
            select event_id, any_value(enrollment_id) as enrollment_id,
                max_by(occurred_at, stored_at) as occurred, max(stored_at) as stored
            from learning_event
            where verb in {MEANINGFUL} and coalesce(quantity, 1) > 0
                and {is_good(counted, "learning_event")}
                and event_id not in (
                    select voids_event_id from learning_event where voids_event_id is not null
                )
            group by event_id
        )
        select distinct enrollment_id,
            timezone(local_zone, timezone('UTC', occurred))::date - start_day as day,
            greatest(day, timezone(local_zone, timezone('UTC', stored))::date - start_day)
        from latest join watched using (enrollment_id)
    """).fetchall()
    sessions = counted.sql(f"""
        select enrollment_id, session_id, status,
            timezone(local_zone, scheduled_at::timestamptz)::date - start_day,
            timezone(local_zone, updated_at::timestamptz)::date - start_day
        from coaching_session join watched using (enrollment_id)
        where {is_good(counted, "coaching_session")} order by updated_at::timestamptz
    """).fetchall()
    work = counted.sql(f"""
        select enrollment_id, assignment_id, due_day::int, is_carried_over = 'true',
            timezone(local_zone, submitted_at::timestamptz)::date - start_day,
            timezone(local_zone, coalesce(graded_at, submitted_at)::timestamptz)::date - start_day
        from watched
        join (select * from assignment where {is_good(counted, "assignment")}) using (program_id)
        left join (select * from submission where {is_good(counted, "submission")})
            using (enrollment_id, assignment_id)
        where assignment_type <> 'simulation'
    """).fetchall()
    return Watched(outcomes, grouped(active_days), grouped(sessions), grouped(work))
