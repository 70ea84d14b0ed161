"""What may be handed to an account, as its bundle has it; the main site shows the same."""

ACCOUNT_TABLES = {
    table: f"select * from {{{table}}} order by all"
    for table in (
        "account_profile",
        "account_journey",
        "account_outcomes",
        "account_return",
        "account_return_lines",
        "account_voice",
        "account_trust",
        "account_words",
    )
}
