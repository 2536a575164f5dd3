"""A Spark cluster of our own on loopback: a master and two workers, started and stopped by process id."""

import logging
import os
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pyspark
from pyspark.sql import SparkSession

from tests import services

HOST = "127.0.0.1"
WAIT_SECONDS = 90
QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""Machine code that is made quickly rather than well: nothing here runs for long."""
SPARK = Path(pyspark.__file__).parent


@contextmanager
def cluster(folder: Path, memory: str = "1g") -> Iterator[str]:
    """The URL of a standalone cluster with two workers, gone at the end; ``memory`` of each is for executors."""
    services.java()
    port = services.free_port()
    url = f"spark://{HOST}:{port}"
    place = ["--host", HOST, "--webui-port", "0"]
    size = ["--cores", "1", "--memory", memory]
    with ExitStack() as stack:
        stack.enter_context(_daemon(folder / "master", "master.Master", [*place, "--port", str(port)]))
        _wait_for(port)
        for number in range(2):
            work = folder / f"worker-{number}"
            stack.enter_context(_daemon(work, "worker.Worker", [*place, *size, "--work-dir", str(work), url]))
        yield url


@contextmanager
def session(url: str, folder: Path) -> Iterator[SparkSession]:
    """A session on a cluster, small enough for tests, that serves Spark Connect as well."""
    settings = {
        "spark.plugins": "org.apache.spark.sql.connect.SparkConnectPlugin",
        "spark.connect.grpc.binding.address": HOST,
        "spark.connect.grpc.binding.port": str(services.free_port()),
        "spark.driver.bindAddress": HOST,
        "spark.driver.extraJavaOptions": QUICK,
        "spark.driver.host": HOST,
        "spark.executor.extraJavaOptions": QUICK,
        "spark.executor.memory": "512m",
        "spark.local.dir": str(folder / "scratch"),
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    builder = SparkSession.builder.master(url)
    for name, value in settings.items():
        builder = builder.config(name, value)
    logging.getLogger("py4j").setLevel(logging.WARNING)  # its farewell comes after pytest has closed the log
    spark = builder.getOrCreate()
    try:
        yield spark
    finally:
        spark.stop()


def connect_url(spark: SparkSession) -> str:
    """Where a session serves Spark Connect."""
    return f"sc://{HOST}:{spark.conf.get('spark.connect.grpc.binding.port')}"


@contextmanager
def _daemon(folder: Path, name: str, arguments: Sequence[str]) -> Iterator[None]:
    folder.mkdir()
    environment = os.environ | {"SPARK_LOCAL_IP": HOST, "SPARK_HOME": str(SPARK), "SPARK_DAEMON_JAVA_OPTS": QUICK}
    command = [str(SPARK / "bin" / "spark-class"), f"org.apache.spark.deploy.{name}", *arguments]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment, start_new_session=True)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        with socket.socket() as tried:
            if tried.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("The Spark master did not start.")
