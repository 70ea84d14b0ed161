"""The truth about journeys, for `truth.json`: what holds people back, and what predicts."""

from dataclasses import asdict
from typing import Any

import numpy as np

from ..world import World
from .journeys import stage_rates

# cause: the stage of seeds/stages.csv that it holds back, the diagnosis and the question about it
CAUSES = {
    "failed_logins": ("activated", "weak_activation", "D1"),
    "late_first_coaching": ("engaged", "weak_activation", "D2"),
    "irrelevant_content": ("engaged", "engagement_drop_off", "D5"),
    "no_manager_support": ("completed", "engagement_drop_off", "D7"),
}


def truth(world: World) -> dict[str, Any]:
    """Return the section `platform`: bottlenecks, stage rates by account, indicators, skill gain.

    Rates are probabilities that the journeys were drawn with, not counts.
    """
    own, accounts = world.truths.platform, world.truths.accounts
    return {
        "bottlenecks": [_bottleneck(world, a.account_id) for a in accounts if a.bottleneck],
        "stage_rates": {
            a.account_id: _rates(world, i) for i, a in enumerate(accounts)
        },
        "indicators": _indicators(world),
        "coaching_attendance_rate": own.coaching_attended,
        "skill_gain": {"completed": own.skill_gain_completed, "else": own.skill_gain_else},
        "credential_of_completed": own.credential_of_completed,
        "parameters": asdict(own),
    }  # fmt: skip


def _rates(world: World, account: int) -> dict[str, float]:
    """Return an account's rates, over its programs as they are chosen; leaving the employer apart.

    `completed` is of the engaged; deferred, cancelled and parked enrollments are apart, too.
    """
    shares = np.array([p.share for p in world.truths.programs])
    shares = shares / shares.sum()
    activated, engaged, completed = stage_rates(world.truths, account)
    rate = float(np.dot(shares, engaged))
    return {
        "activated": activated,
        "engaged": rate,
        "completed": float(np.dot(shares, engaged * completed) / rate),
    }


def _bottleneck(world: World, account_id: str) -> dict[str, Any]:
    """Return what holds an account back, and the rate that it would have without."""
    index = world.account_index(account_id)
    cause = world.truths.accounts[index].bottleneck
    stage, diagnosis, question = CAUSES[cause]
    healthy = [i for i, a in enumerate(world.truths.accounts) if not a.bottleneck]
    peers = float(np.median([_rates(world, i)[stage] for i in healthy])) if healthy else None
    return {
        "account_id": account_id, "cause": cause, "stage": stage, "diagnosis": diagnosis,
        "question": question, "rate": _rates(world, index)[stage], "peers": peers,
        "measure": _measure(world, cause),
    }  # fmt: skip


def _measure(world: World, cause: str) -> dict[str, Any]:
    """Return the measure in which a cause shows, there and elsewhere, where it is of the platform.

    What people say is of the section `stakeholders`.
    """
    own = world.truths.platform
    if cause == "failed_logins":
        return {
            "name": "share of visits that begin with a failed login",
            "there": own.failed_logins_rate, "elsewhere": own.login_failure,
        }  # fmt: skip
    if cause == "late_first_coaching":
        return {
            "name": "share whose first session is scheduled by day 14", "there": 0.0,
            "elsewhere": [own.early_first_session_not_engaged, own.early_first_session],
        }  # fmt: skip
    return {"name": "survey items, see stakeholders"}


def _indicators(world: World) -> dict[str, dict[str, Any]]:
    """Return for each leading and midstream indicator whether it predicts completion, and why.

    Of those still enrolled at a cut-off. `odds_ratio` is of completing with the indicator to
    without, at a healthy account, where it is a parameter.
    """
    own = world.truths.platform
    shares = np.array([p.share for p in world.truths.programs])
    engaged = np.array([p.engaged for p in world.truths.programs])
    completed = np.array([p.completed for p in world.truths.programs])
    rate = float(np.dot(shares, engaged) / shares.sum())
    done = float(np.dot(shares * engaged, completed) / np.dot(shares, engaged))
    first = _first_session_odds(own, rate, done)
    of_fate = "learning in a week is likelier for those who will complete"
    return {
        "first_login": {"predicts": True, "why": "who is not activated seldom completes",
                        "completed_relative_to_engaged": own.completed_if_not_activated},
        "first_coaching_session": {
            "predicts": True, "why": "who becomes engaged has the first session earlier",
            "by_day_14": {"engaged": own.early_first_session,
                          "not_engaged": own.early_first_session_not_engaged},
            "odds_ratio": first,
        },
        "week_1_retention": {"predicts": True, "why": of_fate},
        "weekly_active_learners": {"predicts": True, "why": of_fate},
        "assignment_completion": {
            "predicts": True, "why": "who completes hands in more",
            "handed_in": {"completing": own.hands_in_completing, "engaged": own.hands_in_engaged,
                          "else": own.hands_in_else},
        },
        "coaching_attendance": {
            "predicts": False, "why": "held at one rate for all, in as many sessions",
            "odds_ratio": 1.0,
        },
        "simulation_completion": {
            "predicts": True, "why": "who completes hands in more",
            "handed_in": {"completing": own.hands_in_completing, "engaged": own.hands_in_engaged,
                          "else": own.hands_in_else},
        },
        "program_engagement": {"predicts": True, "why": of_fate},
    }  # fmt: skip


def _first_session_odds(own, engaged: float, completed: float) -> float:
    """Return the odds of completing with an early first session, relative to without.

    By Bayes' rule over the engaged and the others; of the others most are activated.
    """
    activated = own.activated
    groups = (
        (activated * engaged, completed, own.early_first_session),
        (activated * (1 - engaged), completed * own.completed_if_not_engaged,
         own.early_first_session_not_engaged),
        (1 - activated, completed * own.completed_if_not_activated,
         own.early_first_session_not_engaged),
    )  # fmt: skip

    def odds(early: bool) -> float:
        weights = [share * (e if early else 1 - e) for share, _, e in groups]
        done = sum(w * c for w, (_, c, _) in zip(weights, groups, strict=True)) / sum(weights)
        return done / (1 - done)

    return odds(True) / odds(False)
