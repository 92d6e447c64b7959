-- Grain: one row of the table ratio_term. Names and types only.
with source as (
    select * from {{ source('registry', 'ratio_term') }}
)

select
    cast(ratio_code as string) as ratio_code,
    cast(part as string) as part,
    cast(term_number as int) as term_number,
    cast(sign as int) as sign,
    cast(factor_1 as string) as factor_1,
    cast(factor_2 as string) as factor_2,
    cast(is_count as boolean) as is_count
from source
