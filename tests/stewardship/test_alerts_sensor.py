"""The sensor that sends alerts: it asks for a run while anything is due, whatever became of the run that caused it."""

from __future__ import annotations

from typing import Any

import dagster as dg

from orchestration.build_definitions import build_definitions

from .conftest import MailServer, Office, finding


def looked(definitions: dg.Definitions) -> Any:
    [sensor] = [one for one in definitions.sensors or () if one.name == "alerts_due"]
    assert isinstance(sensor, dg.SensorDefinition)
    assert sensor.default_status is dg.DefaultSensorStatus.RUNNING
    with dg.DagsterInstance.ephemeral() as instance, dg.build_sensor_context(instance=instance) as context:
        return sensor(context)


def test_it_asks_for_a_run_while_something_is_due_and_that_run_settles_it(
    office: Office, mail_server: MailServer
) -> None:
    definitions = build_definitions(office.workspace)
    assert definitions.resolve_job_def("alerts").execute_in_process().success  # what is owed by today's clock
    assert isinstance(looked(definitions), dg.SkipReason)
    # the gate has found something, and the run that was to record it died
    rows = [{"organisation_code": "31", "value": -50}]
    office.gate.submission("s1", rows=rows, findings=[finding(severity="BLOCK")])
    asked = looked(definitions)
    assert isinstance(asked, dg.SensorResult)
    assert len(asked.run_requests or ()) == 1
    assert definitions.resolve_job_def("alerts").execute_in_process().success
    assert [case.fault["rule_id"] for case in office.store.cases().values()] == ["VAL-01"]
    assert len(mail_server.keys) == len(set(mail_server.keys))
    sent = len(mail_server.keys)
    assert isinstance(looked(definitions), dg.SkipReason)
    # a second run that comes all the same sends nothing twice
    assert definitions.resolve_job_def("alerts").execute_in_process().success
    assert len(mail_server.keys) == sent
