-- A decimal as a person writes it: no trailing zeros.
create macro number_text(x) as
    case when x is not null then
        case when contains(x::decimal(38, 12)::varchar, '.')
            then rtrim(rtrim(x::decimal(38, 12)::varchar, '0'), '.') else x::varchar end
    end;

-- A statistic as a person writes it: whole from a thousand on, else three figures after the point at most. A large
-- double is no decimal of twelve places: it would end in digits that nobody computed.
create macro rounded_text(x) as
    case when abs(x) >= 1000 then coalesce(try_cast(round(x, 0) as hugeint)::varchar, x::varchar)
        else number_text(round(x, 3)) end;

-- The power of ten of a figure's last digit that is not zero: 304 → 0, 1200 → 2, 12.5 → -1; null for zero.
create macro last_digit_power(x) as
    case when x <> 0 then
        (length(regexp_extract(replace(x::decimal(38, 12)::varchar, '.', ''), '0*$')) - 12)
    end;

-- Rounding error that a total of k parts may show, in figures rounded to 10^power (domain.md 5.4).
create macro rounding_tolerance(k, power) as
    case when k > 10 then 3 * sqrt((k + 1) / 12.0) else (k + 1) / 2.0 end * pow(10, power);

-- Whether a whole number was written with all its digits: one written in thousands shows fewer than it stands for.
create macro is_written_out(x, raw) as
    x = trunc(x) and regexp_replace(regexp_replace(coalesce(raw, ''), '[.,]0+$', ''), '[^0-9]', '', 'g')
        in ('', regexp_replace(number_text(x), '[^0-9]', '', 'g'));

-- The natural logarithm of what is positive; null else, because the engine may ask before a filter has spoken.
create macro log_of(x) as case when x > 0 then ln(x) end;

-- The modified z (domain.md 6.4) from the history's median and spread; null where the history does not vary at all.
create macro modified_z(x, median, mad, mean_deviation) as
    case
        when mad > 0 then 0.6745 * (x - median) / mad
        when mean_deviation > 0 then (x - median) / (1.253314 * mean_deviation)
    end;

-- The words of a row in which a person may have been named: labels and remarks, and what stands in place of a number.
create macro personal_text(r) as
    concat_ws(' | ', r.note, r.indicator_label, r.organisation_label, r.period_label, r.target_group_label,
        case when r.value is null then r.raw_text end);

-- A Vietnamese citizen number: twelve digits, province 001–096, century and sex, year of birth, serial number.
create macro has_citizen_number(words) as
    coalesce(regexp_matches(words, '(^|[^0-9.,])0(0[1-9]|[1-8][0-9]|9[0-6])[0-3][0-9]{8}($|[^0-9.,])'), false);

-- A mobile telephone, a postal address of the net, or a name with its form of address and a birth date.
create macro has_contact(words) as
    coalesce(regexp_matches(words, '(^|[^0-9])(\+?84|0)[ .]?[35789]([ .]?[0-9]){8}($|[^0-9])')
        or regexp_matches(words, '[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+\.[A-Za-z]{2,}')
        or regexp_matches(words, '(Ông|Bà|ông|bà|Mr|Mrs|Ms)\.? [A-ZĐÀ-Ỹ][^ ]+ [A-ZĐÀ-Ỹ][^ ]+.{0,20}(sinh năm|sinh ngày|CCCD|CMND|born)'), false);

-- Whether x lies within a share of y, or from a share of one on within a factor; false where there is no y.
create macro is_near(x, y, share) as coalesce(
    case when share < 1 then abs(x - y) <= share * abs(y) else x between y / (1 + share) and y * (1 + share) end, false);

-- What of a tidy row the contract's vocabularies and required columns do not admit, as text; null where all is well.
create macro contract_breach(r) as
    nullif(concat_ws(', ',
        case when r.sheet is null then 'sheet' end,
        case when r.cell is null then 'cell' end,
        case when r.organisation_valid_from is null then 'organisation_valid_from' end,
        case when not is_measure_kind(r.measure_kind) then 'measure_kind: ' || coalesce(r.measure_kind, '∅') end,
        case when not is_obs_status(r.obs_status) then 'obs_status: ' || coalesce(r.obs_status, '∅') end,
        case when not is_accumulation(r.accumulation) then 'accumulation: ' || coalesce(r.accumulation, '∅') end,
        case when r.recorded_at is null then 'recorded_at' end,
        case when r.recipe_version is null then 'recipe_version' end
    ), '');
