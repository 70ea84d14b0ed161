-- one row: every threshold as a column
with thresholds as (select * from {{ ref('thresholds') }})

select
    cast(max(amount) filter (where threshold_code = 'activation_window_days') as int)
        as activation_window_days,
    cast(max(amount) filter (where threshold_code = 'engagement_window_weeks') as int)
        as engagement_window_weeks,
    cast(max(amount) filter (where threshold_code = 'engagement_active_weeks') as int)
        as engagement_active_weeks,
    cast(max(amount) filter (where threshold_code = 'completion_window_share') as double)
        as completion_window_share,
    cast(max(amount) filter (where threshold_code = 'default_planned_days') as int)
        as default_planned_days,
    cast(max(amount) filter (where threshold_code = 'fresh_within_hours') as double)
        as fresh_within_hours,
    cast(max(amount) filter (where threshold_code = 'eligibility_window_days') as int)
        as eligibility_window_days,
    cast(max(amount) filter (where threshold_code = 'credential_window_days') as int)
        as credential_window_days,
    cast(max(amount) filter (where threshold_code = 'mobility_window_days') as int)
        as mobility_window_days,
    cast(max(amount) filter (where threshold_code = 'transfer_window_days') as int)
        as transfer_window_days,
    cast(max(amount) filter (where threshold_code = 'first_login_days') as int)
        as first_login_days,
    cast(max(amount) filter (where threshold_code = 'first_coaching_days') as int)
        as first_coaching_days,
    cast(max(amount) filter (where threshold_code = 'minimum_peers') as int)
        as minimum_peers,
    cast(max(amount) filter (where threshold_code = 'minimum_observations') as int)
        as minimum_observations,
    cast(max(amount) filter (where threshold_code = 'false_discovery_rate') as double)
        as false_discovery_rate,
    cast(max(amount) filter (where threshold_code = 'census_benchmark_share') as double)
        as census_benchmark_share,
    cast(max(amount) filter (where threshold_code = 'control_limit_sigmas') as double)
        as control_limit_sigmas,
    cast(max(amount) filter (where threshold_code = 'control_run_length') as int)
        as control_run_length,
    cast(max(amount) filter (where threshold_code = 'validity_auc_margin') as double)
        as validity_auc_margin,
    cast(max(amount) filter (where threshold_code = 'practical_share') as decimal(18, 4))
        as practical_share,
    cast(max(amount) filter (where threshold_code = 'fiscal_year_start_month') as int)
        as fiscal_year_start_month,
    cast(max(amount) filter (where threshold_code = 'new_account_months') as int)
        as new_account_months,
    cast(max(amount) filter (where threshold_code = 'tier_band_middle') as double)
        as tier_band_middle,
    cast(max(amount) filter (where threshold_code = 'tier_band_high') as double)
        as tier_band_high,
    cast(max(amount) filter (where threshold_code = 'tier_hold_quarters') as int)
        as tier_hold_quarters,
    cast(max(amount) filter (where threshold_code = 'evaluation_months') as int)
        as evaluation_months,
    cast(max(amount) filter (where threshold_code = 'minimum_participants') as int)
        as minimum_participants,
    cast(max(amount) filter (where threshold_code = 'minimum_expected_events') as double)
        as minimum_expected_events,
    cast(max(amount) filter (where threshold_code = 'overlap_good') as double)
        as overlap_good,
    cast(max(amount) filter (where threshold_code = 'overlap_least') as double)
        as overlap_least,
    cast(max(amount) filter (where threshold_code = 'balance_good') as double)
        as balance_good,
    cast(max(amount) filter (where threshold_code = 'balance_least') as double)
        as balance_least,
    cast(max(amount) filter (where threshold_code = 'people_least') as int)
        as people_least,
    cast(max(amount) filter (where threshold_code = 'survey_people_least') as int)
        as survey_people_least,
    cast(max(amount) filter (where threshold_code = 'chain_pair_least') as int)
        as chain_pair_least,
    cast(max(amount) filter (where threshold_code = 'break_high') as double)
        as break_high,
    cast(max(amount) filter (where threshold_code = 'break_low') as double)
        as break_low,
    cast(max(amount) filter (where threshold_code = 'break_months') as int)
        as break_months,
    cast(max(amount) filter (where threshold_code = 'chain_panel_least') as int)
        as chain_panel_least,
    cast(max(amount) filter (where threshold_code = 'touch_active_days') as int)
        as touch_active_days,
    cast(max(amount) filter (where threshold_code = 'confidence_window_days') as int)
        as confidence_window_days,
    cast(max(amount) filter (where threshold_code = 'confidence_half_life_days') as int)
        as confidence_half_life_days,
    cast(max(amount) filter (where threshold_code = 'reporting_window_days') as int)
        as reporting_window_days,
    cast(max(amount) filter (where threshold_code = 'participant_window_days') as int)
        as participant_window_days,
    cast(max(amount) filter (where threshold_code = 'trend_months') as int)
        as trend_months,
    cast(max(amount) filter (where threshold_code = 'trend_points') as double)
        as trend_points,
    cast(max(amount) filter (where threshold_code = 'health_coverage_least') as double)
        as health_coverage_least,
    cast(max(amount) filter (where threshold_code = 'health_green_least') as double)
        as health_green_least,
    cast(max(amount) filter (where threshold_code = 'health_amber_least') as double)
        as health_amber_least,
    cast(max(amount) filter (where threshold_code = 'renewal_gap_days') as int)
        as renewal_gap_days,
    cast(max(amount) filter (where threshold_code = 'renewal_minimum_decisions') as int)
        as renewal_minimum_decisions,
    cast(max(amount) filter (where threshold_code = 'renewal_prior_count') as int)
        as renewal_prior_count,
    cast(max(amount) filter (where threshold_code = 'renewal_case_days') as int)
        as renewal_case_days,
    cast(max(amount) filter (where threshold_code = 'evidence_fresh_days') as int)
        as evidence_fresh_days,
    cast(max(amount) filter (where threshold_code = 'evidence_old_days') as int)
        as evidence_old_days
from thresholds
