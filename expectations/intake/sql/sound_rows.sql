-- grain: one row that nothing holds back so far; what set checks compute with
create view sound as
select tidy.*
from tidy
anti join held on held.row_id = tidy.row_id
anti join blocked on blocked.submission_id = tidy.submission_id;
