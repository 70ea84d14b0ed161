"""The parameters of what participants do. Rates are probabilities, 0 to 1."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PlatformTruths:
    """What is true of the journeys; what is true of a program or an account stands with it."""

    # who comes
    never_enrolled: float = 0.25  # registered and never enrolled, relative to those who enroll
    not_workers: float = 0.01  # participants who are no workers, relative to those who enroll
    never_submitted: float = 0.5  # of those who never enroll
    aware_per_year: float = 0.08  # of the eligible who never register: clicked, visited, attended
    mails_per_worker: float = 3.0  # announcements sent over the three years, on average
    mail_opened: float = 0.35  # of the announcements sent

    # how they get through; each rate at a healthy account of outcome quality 0
    activated: float = 0.86  # a login and learning on days 0 to 13
    activated_per_quality: float = 0.015  # added per unit of an account's outcome quality
    completed_per_quality: float = 0.02  # factor 1 + this per unit of an account's quality
    completed_if_not_engaged: float = 0.5  # relative to the engaged
    completed_if_not_activated: float = 0.16  # relative to the engaged
    cancelled: float = 0.035  # before the start
    deferred: float = 0.03  # to the next cohort
    on_break: float = 0.06
    second_attempt: float = 0.2  # of those who withdraw or fail
    next_program: float = 0.09  # of those who complete
    second_program_beside: float = 0.02
    december: float = 0.6  # activity in the second half of December, relative to other weeks

    # what holds troubled accounts back
    failed_logins_activated: float = 0.58  # activated, where logins fail
    failed_logins_rate: float = 0.38  # visits that begin with a failed login, there
    login_failure: float = 0.04  # the same elsewhere
    late_coaching_engaged: float = 0.6  # engaged relative to elsewhere, where coaching comes late
    irrelevant_content_engaged: float = 0.6  # the same where content does not fit the work
    no_support_completed: float = 0.55  # completed relative to elsewhere, without time to learn

    # coaching: the first session's day by engagement; attendance is the same for all, always
    early_first_session: float = 0.92  # first session by day 14, of those who become engaged
    early_first_session_not_engaged: float = 0.6  # of those who do not
    coaching_attended: float = 0.84  # held of held, missed and cancelled late: predicts nothing
    coaching_rescheduled: float = 0.06  # of the sessions booked
    coaching_cancelled_by_coach: float = 0.02  # of the sessions booked

    # what they leave behind
    visits_per_week: float = 4.2  # to learn, in a week that is active
    items_per_visit: float = 8.5  # learning events
    hands_in_completing: float = 0.96  # of assignments and simulations, by those who complete
    hands_in_engaged: float = 0.82  # by the engaged who do not complete
    hands_in_else: float = 0.5
    skill_gain_completed: float = 0.9  # levels of five, from pre to post
    skill_gain_else: float = 0.25
    credential_of_completed: float = 0.93
    credential_revoked: float = 0.01
    late_stored: float = 0.015  # events known days after they happened
    corrected_participants: float = 0.02
    corrected_enrollments: float = 0.01

    # how participants are found among the workers, of those who are workers
    no_number: float = 0.055  # known by e-mail only
    unlinked: float = 0.012  # neither number nor the employer's e-mail
