"""The driver check, with stubs of NVIDIA's libraries."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from support import DOCKER

NVML = """
#include <string.h>
typedef struct {{ unsigned long long total, free, used; }} memory;
int nvmlInit_v2(void) {{ return {init}; }}
int nvmlShutdown(void) {{ return 0; }}
int nvmlSystemGetDriverVersion(char *text, unsigned size) {{ strcpy(text, "{driver}"); return 0; }}
int nvmlSystemGetCudaDriverVersion_v2(int *version) {{ *version = 12040; return 0; }}
int nvmlDeviceGetCount_v2(unsigned *count) {{ *count = {count}; return 0; }}
int nvmlDeviceGetHandleByIndex_v2(unsigned index, void **handle) {{ *handle = (void *)(long)(index + 1); return {handle}; }}
int nvmlDeviceGetName(void *handle, char *name, unsigned size) {{ strcpy(name, "NVIDIA L4"); return 0; }}
int nvmlDeviceGetMemoryInfo(void *handle, memory *found) {{ found->total = 23034ull << 20; found->free = found->used = 0; return 0; }}
int nvmlDeviceGetCudaComputeCapability(void *handle, int *major, int *minor) {{ *major = 8; *minor = 9; return 0; }}
"""


def _run(tmp_path: Path, *arguments: str, variables: dict[str, str] | None = None, **values: str | int) -> subprocess.CompletedProcess[str]:
    """Run the program with a stub of this driver, or without a driver if no values are given."""
    libraries = tmp_path / "driver"
    libraries.mkdir(exist_ok=True)
    if values:
        text = NVML.format(**{"init": 0, "driver": "550.90.07", "count": 2, "handle": 0, **values})
        command = ["cc", "-shared", "-fPIC", "-x", "c", "-", "-o", str(libraries / "libnvidia-ml.so.1")]
        subprocess.run(command, input=text, text=True, check=True)
    return subprocess.run(
        [sys.executable, "-m", "accept", *arguments],
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": f"{DOCKER / 'acceptance'}:{DOCKER / 'common'}",
            "PYTHONDONTWRITEBYTECODE": "1",
            "LD_LIBRARY_PATH": str(libraries),
            **(variables or {}),
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_prints_the_driver_and_the_gpus(tmp_path: Path) -> None:
    report = tmp_path / "report.md"
    done = _run(tmp_path, "--only", "driver", "--report", str(report), count=2)
    assert (done.returncode, done.stderr) == (0, "")
    assert "NVIDIA driver: 550.90.07 (needed: 525.60.13), up to CUDA 12.4" in done.stdout
    assert "GPU 1: NVIDIA L4, 22.5 GiB, compute capability 8.9" in done.stdout
    text = report.read_text()
    assert "2 x NVIDIA L4" in text
    assert text.startswith("# GPU acceptance\n")


@pytest.mark.parametrize(
    ("values", "variables", "problem"),
    [
        ({}, {}, "no driver is visible"),
        ({"driver": "470.256.02"}, {}, "this machine has 470.256.02: upgrade its driver"),
        ({"init": 9}, {}, "no driver is visible"),
        ({"count": 0}, {}, "the NVIDIA driver shows no GPU: run nvidia-smi, and check CUDA_VISIBLE_DEVICES (docker: --gpus all)"),
        ({"count": 2}, {"CUDA_VISIBLE_DEVICES": ""}, "shows no GPU with CUDA_VISIBLE_DEVICES=: "),
        ({"handle": 15}, {}, "nvmlDeviceGetHandleByIndex_v2 of the NVIDIA driver failed with status 15"),
    ],
)
def test_one_line_gives_the_reason_without_a_gpu(
    values: dict[str, str | int], variables: dict[str, str], problem: str, tmp_path: Path
) -> None:
    for arguments in ([], ["--probe"]):
        done = _run(tmp_path, *arguments, variables=variables, **values)
        assert (done.returncode, done.stdout) == (1, "")
        assert problem in done.stderr
        assert done.stderr.count("\n") == 1


def test_cuda_visible_devices_selects_gpus(tmp_path: Path) -> None:
    done = _run(tmp_path, "--only", "driver", variables={"CUDA_VISIBLE_DEVICES": "1"}, count=4)
    assert done.returncode == 0
    assert "1 x NVIDIA L4" in done.stdout


def test_a_machine_without_a_gpu_installs_nothing(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "XDG_CACHE_HOME": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, str(DOCKER / "dev.py"), "accept-gpu"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: CUDA 12 needs an NVIDIA driver")
    assert list(tmp_path.iterdir()) == []


def test_the_device_cpu_skips_the_driver(tmp_path: Path) -> None:
    done = _run(tmp_path, "--device", "cpu", "--only", "driver")
    assert done.returncode == 0
    assert "skipped  NVIDIA driver: not needed with --device cpu" in done.stdout


def test_a_failed_check_is_in_the_table_and_sets_the_exit_status(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho No module named onnxruntime\nexit 1\n")
    python.chmod(0o755)
    report = tmp_path / "report.md"
    done = _run(tmp_path, "--device", "cpu", "--only", "driver", "--only", "inference", "--python", str(python), "--report", str(report))
    problem = "ONNX Runtime ended with status 1, not 0; its last line: No module named onnxruntime"
    assert done.returncode == 1
    assert f"failed   {problem}" in done.stderr
    assert done.stderr.endswith(f"error: inference failed: {problem}\n")
    assert f"| failed  | {problem} " in report.read_text()


def test_an_invalid_argument_ends_with_one_line(tmp_path: Path) -> None:
    done = _run(tmp_path, "--device", "cpu", "--python", "nonexistent")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].endswith("error: argument --python: nonexistent is not an executable file")
