-- What: a worker's employment spells follow one another: only the last is open, none begins before
--   the one before it has ended.
-- When it matters: an enrollment in two spells at once would end, or go on, by chance.
-- How to resolve: look at the worker's versions and job events; a rule of
--   int_employment_spell_resolve does not see which of them is right.
select
    account_id,
    worker_id,
    spell_no
from {{ ref('int_employment_spell_resolve') }}
where
    rehire_date is not null
    and (termination_date is null or rehire_date < termination_date)
