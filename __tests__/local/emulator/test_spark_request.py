"""What a job asks of EMR Serverless, and whether it fits."""

from __future__ import annotations

import pytest
from emulator.spark_driver import _result
from emulator.spark_request import (
    BadParameters,
    Resources,
    SparkSubmit,
    gigabytes,
    limit,
    request,
    worker,
)
from emulator_support import SOURCES  # noqa: F401 - puts the emulator on the path


def test_the_template_that_failed_asks_for_42_vcpu() -> None:
    conf = {
        "spark.driver.cores": "2",
        "spark.driver.memory": "4g",
        "spark.executor.cores": "4",
        "spark.executor.memory": "8g",
        "spark.dynamicAllocation.maxExecutors": "10",
    }
    asked = request(conf).total
    assert asked.vcpu == 42
    assert asked.excess_over(limit({"cpu": "10 vCPU", "memory": "400 GB"})) == ["42 vCPU of 10"]


def test_the_defaults_are_those_of_emr_serverless() -> None:
    asked = request({})
    assert asked.driver == Resources(4, 16, 20)
    assert asked.executors == 3


def test_memory_is_the_heap_with_overhead_in_an_offered_size() -> None:
    assert worker(1, "1g", None, None).memory_gb == 2
    assert worker(2, "6g", None, None).memory_gb == 7
    assert worker(8, "20g", None, None).memory_gb == 24
    assert worker(4, "14g", "2g", "100G") == Resources(4, 16, 100)
    with pytest.raises(BadParameters, match="takes 16 GB at most"):
        worker(2, "15g", None, None)


def test_without_dynamic_allocation_the_instances_count() -> None:
    conf = {"spark.dynamicAllocation.enabled": "false", "spark.executor.instances": "7"}
    assert request(conf).executors == 7


def test_parameters_are_taken_apart_as_a_shell_would() -> None:
    text = "--conf 'spark.app=a b' --class x.Y --executor-memory 4g --py-files s3://b/l.zip"
    submit = SparkSubmit.parse(text + " --conf spark.x=y=z")
    assert submit.main_class == "x.Y"
    assert submit.conf == {
        "spark.app": "a b",
        "spark.executor.memory": "4g",
        "spark.submit.pyFiles": "s3://b/l.zip",
        "spark.x": "y=z",
    }


def test_sizes() -> None:
    assert gigabytes("14g") == 14
    assert gigabytes("512m") == 0.5
    assert gigabytes("2048") == 2
    assert limit({"cpu": "40 vCPU", "memory": "160 GB"}) == Resources(40, 160, float("inf"))
    assert limit(None).vcpu == float("inf")


def test_a_failed_job_is_told_in_the_words_of_its_program_not_of_spark(tmp_path) -> None:
    logs = {name: tmp_path / name for name in ("stderr", "stdout")}
    logs["stderr"].write_text("26/11/23 INFO x: ok\netl: error: bad DDL\n26/11/23 INFO x: end\n")
    logs["stdout"].write_text("")
    assert _result(1, logs).details.endswith("Last few exceptions: etl: error: bad DDL")
