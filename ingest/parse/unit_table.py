"""Units as data: code, power of ten, and the words that mean it.

The code names the base unit; the power of ten leads to it: 1 km is 10³ m, 1 tấn is 10³ kg, 1 per cent is 10⁻² of one.
Persons and visits, dossiers and procedures, cases and sessions are different units and never interchangeable
(domain.md 10.5). Words are separated by ``|``. A *sào* is missing on purpose: it is 360, 500 or 1 000 m² by region.
"""

from __future__ import annotations

from dataclasses import dataclass

from ingest.parse.currencies import CODES, DOLLAR, WORDS, word_of
from ingest.parse.currencies import CURRENCIES as SPENT


@dataclass(frozen=True)
class DeclaredUnit:
    """One row of the table."""

    code: str
    power_of_ten: int
    words: tuple[str, ...]


def _unit(code: str, power_of_ten: int, words: str) -> DeclaredUnit:
    return DeclaredUnit(code, power_of_ten, tuple(word.strip() for word in words.split("|")))


#: A ratio without dimension. Percentages are hundredths of it.
ONE = "one"
CURRENCIES = SPENT | {"SDR"}
#: Units of amounts, points and times: what is in them was measured, not counted one by one. With the money they are all
#: units of the table that no count is in.
NOT_COUNTED = frozenset(
    {
        *CURRENCIES,
        *(ONE, "percentage_point", "index", "point", "m", "m2", "m3", "kg", "Wh", "W"),
        *("hour", "minute", "second", "day", "working_day", "person_day", "month", "year", "full_time_equivalent"),
    }
)
#: Units of which a word for another cannot be loose speech: money, parts of one, lengths, areas, masses, energy, time.
MEASURED = frozenset(
    {
        *CURRENCIES,
        *(ONE, "percentage_point", "m", "m2", "m3", "kg", "Wh", "W", "hour", "minute", "day"),
    }
)

UNITS: tuple[DeclaredUnit, ...] = (
    # money
    _unit("VND", 0, "đồng|đ|VND|VNĐ|₫|dong|đồng Việt Nam|Vietnamese dong|vnd đồng"),
    _unit("VND", 6, "trđ|tr.đ|trđồng|tr.đồng|trd"),
    _unit("VND", 3, "nđ|ngđ|ng.đ|kđ"),
    _unit("VND", 9, "tỷđ"),
    _unit("USD", 0, "USD|US$|$US|đô la Mỹ|đôla Mỹ|đô la|US dollar|US dollars|usd dollars"),
    _unit(DOLLAR, 0, "$|dollar|dollars"),
    _unit("AUD", 0, "AUD|A$|AU$|Australian dollars"),
    _unit("CAD", 0, "CAD|C$|CA$|Canadian dollars"),
    _unit("EUR", 0, "EUR|€|euro|euros|Euro's"),
    _unit("GBP", 0, "GBP|£|GBP (£)|pound|pounds|pound sterling|pounds sterling|sterling"),
    _unit("GBP", -2, "pence"),
    _unit("GBP", 6, "£m|£mn|£ m"),
    _unit("GBP", 9, "£bn"),
    _unit("GBP", 3, "£k|£000|£'000|£000s"),
    _unit(DOLLAR, 6, "$m|$mn|$ m"),
    _unit(DOLLAR, 9, "$bn|$b"),
    _unit(DOLLAR, 3, "$k|$000|$'000|$000s"),
    _unit("EUR", 6, "€m|€mn"),
    _unit("EUR", 9, "€bn"),
    _unit("EUR", 3, "€k|k€|kEUR|€000|€'000|T€|TEUR"),
    _unit("EUR", 6, "M€|MEUR|Mio €|Mio. €"),
    _unit("EUR", 9, "Md€|Mds€|MdEUR|Mrd €|Mrd. €"),
    _unit("CHF", 0, "CHF|Fr.|SFr.|franken|Swiss francs"),
    _unit("JPY", 0, "JPY|¥|yen|yên"),
    _unit("CNY", 0, "CNY|RMB|nhân dân tệ|yuan"),
    _unit("INR", 0, "INR|₹|Indian rupee|Indian rupees"),
    _unit("NZD", 0, "NZD|NZ$"),
    _unit("SGD", 0, "SGD|S$"),
    _unit("HKD", 0, "HKD|HK$"),
    _unit("TWD", 0, "TWD|NT$"),
    _unit("KRW", 0, "KRW|₩|won"),
    _unit("THB", 0, "THB|฿|baht"),
    _unit("IDR", 0, "IDR|Rp|rupiah"),
    _unit("MYR", 0, "MYR|RM|ringgit"),
    _unit("PHP", 0, "PHP|₱|Philippine pesos"),
    _unit("LAK", 0, "LAK|₭|kip"),
    _unit("KHR", 0, "KHR|៛|riel"),
    _unit("SEK", 0, "SEK|Swedish kronor"),
    _unit("NOK", 0, "NOK|Norwegian kroner"),
    _unit("DKK", 0, "DKK|Danish kroner"),
    _unit("PLN", 0, "PLN|zł|złoty|zloty"),
    _unit("CZK", 0, "CZK|Kč|Czech koruna"),
    _unit("HUF", 0, "HUF|forint"),
    _unit("RON", 0, "RON|Romanian lei"),
    _unit("UAH", 0, "UAH|₴|hryvnia"),
    _unit("TRY", 0, "TRY|₺|Turkish lira"),
    _unit("BRL", 0, "BRL|R$|reais"),
    _unit("MXN", 0, "MXN|Mexican pesos"),
    _unit("ZAR", 0, "ZAR|rand"),
    _unit("SDR", 0, "SDR"),
    *(_unit(code, 0, words) for code, words in WORDS.items()),
    *(_unit(code, 0, word_of(code)) for code in sorted(CODES)),
    # parts of one
    _unit(ONE, 0, "one|lần|times|ratio|tỷ số|hệ số|coefficient|proportion"),
    _unit(
        ONE,
        -2,
        "%|percent|per cent|percentage|pct|percentage (%)|percent (%)|per cent (%)|phần trăm|tỷ lệ %|tỷ lệ phần trăm|"
        "pourcentage|prozent|porcentaje|percentages|% share|share (%)",
    ),
    _unit(ONE, -3, "‰|per mille|per mil|permille|phần nghìn|phần ngàn|promille"),
    _unit(
        "percentage_point",
        0,
        "percentage_point|điểm %|điểm phần trăm|percentage point|percentage points|pp|ppt|% points|%-points",
    ),
    _unit("index", 0, "index|chỉ số|index number|index numbers"),
    _unit("point", 0, "point|điểm|points|score|điểm số|marks"),
    # people and what they do
    _unit(
        "person",
        0,
        "person|người|persons|people|nhân khẩu|dân số|lao động|học sinh|sinh viên|cán bộ|giáo viên|bác sĩ|trẻ em|"
        "đại biểu|dân|individuals|population|inhabitants|capita|head|heads|personnes|personen|personas|inwoners|pers.",
    ),
    _unit("visit", 0, "visit|lượt|lượt người|lượt khách|visits|attendances|lượt truy cập|lượt khám"),
    _unit("passenger", 0, "passenger|hành khách|passengers|riders|ridership|lượt hành khách"),
    _unit("household", 0, "household|hộ|hộ gia đình|households|ménages|haushalte|hogares"),
    _unit("live_birth", 0, "live_birth|live birth|live births|trẻ đẻ sống"),
    _unit("birth", 0, "birth|births|trẻ sinh ra"),
    _unit("death", 0, "death|deaths|ca tử vong"),
    _unit("patient", 0, "patient|bệnh nhân|patients|người bệnh"),
    _unit("full_time_equivalent", 0, "full_time_equivalent|FTE|FTEs|full-time equivalent|full-time equivalents"),
    _unit("post", 0, "post|biên chế|posts|vị trí việc làm"),
    # administration
    _unit("dossier", 0, "dossier|hồ sơ|dossiers|hồ sơ TTHC|applications|application|bộ hồ sơ"),
    _unit("transaction", 0, "transaction|giao dịch|transactions"),
    _unit("procedure", 0, "procedure|thủ tục|TTHC|thủ tục hành chính|procedures|administrative procedures"),
    _unit("document", 0, "document|văn bản|documents|VBQPPL|văn bản QPPL|VB"),
    _unit("regulation", 0, "regulation|quy định|qui định|regulations|QĐKD"),
    _unit("business_condition", 0, "business_condition|điều kiện kinh doanh|ĐKKD"),
    _unit("case", 0, "case|vụ|cases|vụ việc|ca|trường hợp|vụ án"),
    _unit("complaint", 0, "complaint|phản ánh|kiến nghị|phản ánh, kiến nghị|khiếu nại|complaints|petitions"),
    _unit("session", 0, "session|cuộc|sessions|buổi|phiên"),
    _unit("meeting", 0, "meeting|cuộc họp|meetings"),
    _unit("inspection", 0, "inspection|cuộc kiểm tra|cuộc thanh tra|inspections"),
    _unit("licence", 0, "licence|giấy phép|licences|licenses|permits"),
    _unit("questionnaire", 0, "questionnaire|phiếu|questionnaires"),
    _unit("enterprise", 0, "enterprise|doanh nghiệp|DN|enterprises|companies|businesses|firms"),
    _unit("establishment", 0, "establishment|cơ sở|establishments"),
    _unit("cooperative", 0, "cooperative|hợp tác xã|HTX|cooperatives"),
    _unit("organisation", 0, "organisation|đơn vị|cơ quan|tổ chức|organisations|organizations|agencies"),
    _unit("commune", 0, "commune|xã|communes|xã, phường|ĐVHC cấp xã"),
    _unit("project", 0, "project|dự án|công trình|projects"),
    _unit("service", 0, "service|dịch vụ|services|DVC|dịch vụ công"),
    _unit("job", 0, "job|việc làm|jobs"),
    _unit("vacancy", 0, "vacancy|vacancies|chỗ trống"),
    _unit("school", 0, "school|trường|trường học|schools"),
    _unit("class", 0, "class|lớp|lớp học|phòng học|classes"),
    _unit("bed", 0, "bed|giường|giường bệnh|beds"),
    _unit("dwelling", 0, "dwelling|căn|căn hộ|căn nhà|dwellings|ngôi nhà|nhà"),
    _unit("vehicle", 0, "vehicle|xe|phương tiện|vehicles|ô tô|chiếc xe"),
    _unit("dose", 0, "dose|liều|mũi|doses|dosi|mũi tiêm"),
    _unit("signature", 0, "signature|chữ ký số|chứng thư số"),
    _unit("account", 0, "account|tài khoản|accounts"),
    _unit("task", 0, "task|nhiệm vụ|tasks"),
    _unit("goal", 0, "goal|mục tiêu|chỉ tiêu|goals"),
    _unit("product", 0, "product|sản phẩm|products"),
    _unit("animal", 0, "animal|con|animals"),
    _unit("tree", 0, "tree|cây|trees"),
    _unit("set", 0, "set|bộ|sets"),
    _unit("item", 0, "item|items|cái|chiếc|pieces"),
    # time
    _unit("hour", 0, "hour|giờ|hours|giờ làm việc|stunden|heures|h"),
    _unit("minute", 0, "minute|phút|minutes"),
    _unit("second", 0, "second|giây|seconds"),
    _unit("day", 0, "day|ngày|days|tage|jours|calendar days|calendar day"),
    _unit("working_day", 0, "working_day|ngày làm việc|working days|working day|NLV"),
    _unit("person_day", 0, "person_day|ngày công|person-days|person days|ngày người"),
    _unit("month", 0, "month|tháng|months"),
    _unit("year", 0, "year|năm|years|annum"),
    # length, area, volume, mass
    _unit("m", 0, "m|mét|metre|metres|meter|meters|m dài|md|mét dài"),
    _unit("m", 3, "km|ki lô mét|kilômét|kilometre|kilometres|kilometer|kilometers|cây số"),
    _unit("m", -2, "cm|xentimét|centimetres"),
    _unit("m", -3, "mm|milimét|millimetres"),
    _unit("m2", 0, "m2|m²|mét vuông|square metre|square metres|square meters|sq m|sqm"),
    _unit("m2", 4, "ha|hecta|héc ta|hectare|hectares"),
    _unit("m2", 6, "km2|km²|ki lô mét vuông|kilômét vuông|square kilometre|square kilometres|sq km|sqkm"),
    _unit("m3", 0, "m3|m³|mét khối|cubic metre|cubic metres|cubic meters"),
    _unit("m3", -3, "l|lít|litre|litres|liter|liters"),
    _unit("kg", 0, "kg|kilogam|ki lô gam|kilogram|kilograms|cân"),
    _unit("kg", -3, "g|gam|gram|grams"),
    _unit("kg", 1, "yến"),
    _unit("kg", 2, "tạ|quintal|quintals"),
    _unit("kg", 3, "t|tấn|tonne|tonnes|metric tons|metric tonnes|tonnen"),
    _unit("Wh", 0, "Wh"),
    _unit("Wh", 3, "kWh|KWH|kwh|số điện"),
    _unit("Wh", 6, "MWh"),
    _unit("Wh", 9, "GWh"),
    _unit("W", 0, "W|watt"),
    _unit("W", 3, "kW"),
    _unit("W", 6, "MW"),
)

#: "Number", "Số lượng", "Units": a count whose base unit the text leaves to the indicator.
UNSTATED: tuple[str, ...] = (
    *("number", "number of", "no", "no.", "nos", "nos.", "count", "units", "unit"),
    *("số", "số lượng", "sl", "anzahl", "nombre", "número", "aantal"),
)
