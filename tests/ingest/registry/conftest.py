"""A small registry that is right, to be made wrong in one place at a time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("busy_machine", deadline=None)
settings.load_profile("busy_machine")

#: A merger on 1 July 2025 in which the code 91 comes back with another meaning.
RIGHT: dict[str, str] = {
    "organisations": """\
code,name_vi,name_en,level,parent_code,valid_from,valid_to,aliases
VN,Việt Nam,Viet Nam,national,,1945-09-02,,
89,An Giang,An Giang,province,VN,1990-01-01,2025-07-01,
91,Kiên Giang,Kien Giang,province,VN,1990-01-01,2025-07-01,
91,An Giang,An Giang,province,VN,2025-07-01,,Tỉnh An Giang
""",
    "organisation_events": """\
event,from,to,date,weight_basis,weight
merge,89,91,2025-07-01,population,1
merge,91,91,2025-07-01,population,1
""",
    "indicators": """\
code,version,name_vi,name_en,role,unit,frequency,calendar,reporting_level,objective,hard_min,mix_dimension,valid_from,valid_to
COST,1,Kinh phí,Cost,input,VND,Q,CAL,province,O1,0,,,
STAFF,1,Biên chế,Staff,input,person,Q,CAL,province,O1,0,,,
RESOLVED,1,Đã giải quyết,Resolved,output,dossier,Q,CAL,province,O1,0,CHANNEL,,
ON_TIME,1,Đúng hạn,On time,output_quality,dossier,Q,CAL,province,O1,0,,,
COMPLAINTS,1,Phản ánh,Complaints,final_outcome,complaint,Q,CAL,province,O1,0,,,
""",
    "ratios": """\
code,name_vi,name_en,numerator,denominator,ratio_type,ratio_class,scale,unit,lag,lagged_part,guardrail
ON_TIME_SHARE,Tỷ lệ đúng hạn,On-time share,ON_TIME,RESOLVED,,proportion,100,percent,0,,
UNIT_COST,Chi phí một hồ sơ,Cost per dossier,COST,RESOLVED,efficiency,unit_cost,1,VND/dossier,0,,ON_TIME_SHARE
COMPLAINT_RATE,Phản ánh,Complaints,COMPLAINTS,RESOLVED,effectiveness,rate,1000,complaint/dossier,1,numerator,
""",
    "target_groups": """\
dimension,code,name_vi,name_en,parent,relation
CHANNEL,ONLINE,Trực tuyến,Online,,partition
CHANNEL,COUNTER,Trực tiếp,Counter,,partition
CHANNEL,APP,Ứng dụng,App,ONLINE,of_which
""",
    "objectives": """\
code,name_vi,name_en,level,parent_code,owner_code
O0,Nền hành chính phục vụ,Serving administration,strategy,,VN
O1,Một cửa,One-stop shop,policy,O0,VN
""",
    "targets": """\
measure_code,organisation_code,period_code,target_group_code,kind,value,low,high
ON_TIME_SHARE,VN,2025,_T,final,95,,
RESOLVED,91,2025-Q3,CHANNEL=ONLINE,interim,,1000,2000
""",
    "peer_groups": """\
peer_group,organisation_code,name_vi,name_en
MEKONG,91,Đồng bằng sông Cửu Long,Mekong Delta
""",
    "scorecards": """\
scorecard,code,parent,name_vi,name_en,node_type,measure_code,weight
SC,SERVICE,,Dịch vụ,Service,theme,,1
SC,TIME,SERVICE,Đúng hạn,On time,measure,ON_TIME_SHARE,0.6
SC,COST,SERVICE,Chi phí,Cost,measure,UNIT_COST,0.4
""",
}

WriteRegistry = Callable[..., Path]


@pytest.fixture
def write_registry(tmp_path: Path) -> WriteRegistry:
    """Writes the right registry with some tables replaced, or left out where they are None."""

    def write(**tables: str | None) -> Path:
        folder = tmp_path / "registry"
        folder.mkdir(exist_ok=True)
        for name, content in {**RIGHT, **tables}.items():
            if content is not None:
                (folder / f"{name}.csv").write_text(content, encoding="utf-8")
        return folder

    return write


@pytest.fixture
def right() -> dict[str, str]:
    """The right registry's tables."""
    return dict(RIGHT)
