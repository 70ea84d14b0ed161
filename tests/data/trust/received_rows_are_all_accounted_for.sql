-- What: in every batch, received = accepted + rejected + duplicate.
-- When it matters: a row that is none of the three was lost silently.
-- How to resolve: the loader writes rows and counts in one transaction, so this is a fault of the
--   loader: report it.
select
    batch_id,
    file,
    received_count,
    accepted_count,
    rejected_count,
    duplicate_count
from {{ source('load_ledger', 'batches') }}
where received_count <> accepted_count + rejected_count + duplicate_count
