-- Grain: one way to read organisations that change (domain.md 4.7).
-- as_was: each period by the organisations of its time. as_is: all periods by the organisations of one day, which is
-- today, and in a reading any other.
select
    'as_was' as structure,
    'Như tại thời điểm' as name_vi,
    'As it was' as name_en,
    cast(null as date) as structure_day

union all

select
    'as_is' as structure,
    'Theo hiện nay' as name_vi,
    'As it is' as name_en,
    -- Today is the last order that is registered: no clock decides what a build gives.
    date '9999-12-30' as structure_day
