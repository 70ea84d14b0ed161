"""The eight functions of the provider and their activities, with the time equations.

Minutes are whole, shares are 0 to 1.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Function:
    """A function of the provider.

    Attributes:
        rate: USD per practical minute in the first month.
        utilization: share of practical minutes for which a half-year is staffed.
        measured_from: month from which practical minutes are measured and landed; none: never.
    """

    code: str
    rate: float
    utilization: float
    measured_from: str | None = None


@dataclass(frozen=True)
class Activity:
    """An activity of the catalogue and its time equation.

    Attributes:
        kind: 'volume' (quantities per account and half month), 'item' (single pieces),
            'known' (costed from other entities, never a work item), 'internal' (for no account).
        minutes: the constant term, minutes per unit.
        weight: how much of the account's volume cost, or how many of the single items, it is.
        due_days: days in which a single item is due; typical days of its work are a third.
        terms: of the time equation: attribute, minutes per unit of it, its mean amount.
    """

    code: str
    function: str
    title: str
    driver: str
    kind: str
    minutes: int
    weight: float = 1.0
    due_days: int = 5
    terms: tuple[tuple[str, int, float], ...] = ()


FUNCTIONS = (
    Function("marketing", 0.82, 0.78),
    Function("enrollment", 0.66, 0.84, "2025-01"),
    Function("product", 1.12, 0.80),
    Function("engineering", 1.34, 0.88),
    Function("coaching", 0.88, 0.90, "2024-07"),
    Function("learning_design", 0.97, 0.86),
    Function("client_success", 0.94, 0.89, "2025-07"),
    Function("analytics", 1.06, 0.83),
)

ACTIVITIES = (
    Activity("coaching_session", "coaching", "Hold a coaching session", "session", "known", 45),
    Activity("application_decision", "enrollment", "Decide on an application", "application",
             "known", 34),
    Activity("ticket_login", "product", "Answer a login ticket", "ticket", "known", 22),
    Activity("ticket_content", "learning_design", "Answer a content ticket", "ticket", "known", 31),
    Activity("ticket_schedule", "enrollment", "Answer a schedule ticket", "ticket", "known", 18),
    Activity("ticket_billing", "client_success", "Answer a billing ticket", "ticket", "known", 27),
    Activity("ticket_accessibility", "product", "Answer an accessibility ticket", "ticket", "known",
             55),
    Activity("ticket_other", "client_success", "Answer any other ticket", "ticket", "known", 24),
    Activity("mail_batch", "marketing", "Send a batch of mails", "batch", "volume", 25, 0.10),
    Activity("roster_update", "enrollment", "Update the roster of eligible people", "update",
             "volume", 14, 0.12),
    Activity("access_setup", "product", "Set up access for a group", "group", "volume", 28, 0.10),
    Activity("data_feed_run", "engineering", "Run and check a data feed", "run", "volume", 17,
             0.15),
    Activity("coaching_follow_up", "coaching", "Follow up with a manager", "follow-up", "volume",
             16, 0.13),
    Activity("content_adaptation", "learning_design", "Adapt a piece of content", "piece", "volume",
             52, 0.13),
    Activity("account_call", "client_success", "Hold a call with the account", "call", "volume", 38,
             0.17),
    Activity("standard_report", "analytics", "Send a standard report", "report", "volume", 29,
             0.10),
    Activity("campaign_build", "marketing", "Build a campaign", "campaign", "item", 210, 1.1, 12,
             (("audiences", 45, 2.0), ("languages", 60, 1.3))),
    Activity("eligibility_setup", "enrollment", "Set up eligibility rules", "rule set", "item", 120,
             1.2, 6, (("rules", 25, 3.0),)),
    Activity("defect_fix", "product", "Fix a defect that an account reported", "defect", "item",
             165, 1.6, 9),
    Activity("integration_change", "engineering", "Change an integration", "change", "item", 300,
             0.8, 18, (("systems", 140, 1.6),)),
    Activity("module_tailoring", "learning_design", "Tailor a module", "module", "item", 260, 0.8,
             21, (("units", 50, 2.5), ("languages", 90, 1.3))),
    Activity("coaching_plan", "coaching", "Plan the coaching of a cohort", "plan", "item", 95, 1.0,
             6, (("groups", 30, 2.0),)),
    Activity("employer_onboarding", "client_success", "Onboard a site of an employer", "onboarding",
             "item", 420, 0.5, 30,
             (("locations", 75, 2.2), ("languages", 110, 1.3), ("integrations", 240, 1.2))),
    Activity("business_review", "client_success", "Prepare a business review", "review", "item",
             240, 0.8, 14, (("locations", 20, 2.0),)),
    Activity("intake_review", "client_success", "Judge whether a request is in scope", "request",
             "item", 45, 2.0, 3),
    Activity("custom_report", "analytics", "Build a custom report", "report", "item", 240, 1.4, 8,
             (("data_sources", 35, 2.2),)),
    Activity("brand_work", "marketing", "Work on the brand", "piece", "internal", 180),
    Activity("process_documentation", "enrollment", "Document a process", "process", "internal",
             150),
    Activity("usability_study", "product", "Study how a page is used", "study", "internal", 300),
    Activity("platform_release", "engineering", "Release the platform", "release", "internal", 360),
    Activity("coach_training", "coaching", "Train a coach", "training", "internal", 120),
    Activity("content_build", "learning_design", "Build content for all", "unit", "internal", 420),
    Activity("playbook_update", "client_success", "Update a playbook", "playbook", "internal", 90),
    Activity("internal_report", "analytics", "Build a report for the provider", "report",
             "internal", 130),
)  # fmt: skip
