"""From how many on people are told of."""

MINIMUM = 10  # people
LEAST_ANSWERERS = 5  # of a survey
LOW, HIGH = 0.05, 0.95  # shares told only as "at most" and "at least"
CODED_FROM = 100  # people: "at most 5 %" of them is any number from 0 to 5
# Between the least and the most that a hidden count can be lie at least so many people. Source:
# protection levels, Cox 1980, Journal of the American Statistical Association 75:377-385; Working
# Paper 22, chapter IV.
PROTECTION = 5
COUNTS = ("numerator", "denominator")


def is_few(people: float) -> bool:
    """Somebody, but too few to be told of."""
    return 0 < people < MINIMUM
