with known as (
    {{ latest_known('operations', 'content_release') }}
)

select
    content_release_id,
    program_id,
    requested_at,
    released_at,
    components,
    reused_components
from known
