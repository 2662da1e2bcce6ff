"""The parts of the checks on GPU machines that can be tested without a GPU."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from accept.checks import inference, training
from accept.machine import CheckError, Machine
from accept.nvml import Gpu
from support import DOCKER

H100 = Gpu("NVIDIA H100 80GB HBM3", 81559, "9.0")
T4 = Gpu("Tesla T4", 15360, "7.5")

CUDA = """
#include <string.h>
int cuInit(unsigned flags) { return flags; }
int cuDeviceGet(int *device, int ordinal) { *device = 7; return ordinal; }
int cuDevicePrimaryCtxRetain(void **context, int device) { *context = (void *)0x100000007; return device == 7 ? 0 : 101; }
int cuCtxSetCurrent(void *context) { return context == (void *)0x100000007 ? 0 : 201; }
int cuModuleLoadData(void **module, const void *image) { *module = (void *)0x200000001; return strstr(image, "trap;") ? 0 : 218; }
int cuModuleGetFunction(void **function, void *module, const char *name) {
    *function = (void *)0x300000001;
    return module == (void *)0x200000001 && strcmp(name, "fail") == 0 ? 0 : 500;
}
int cuLaunchKernel(void *function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned shared,
                   void *stream, void **arguments, void **extra) {
    return function == (void *)0x300000001 && gx * gy * gz * bx * by * bz == 1 && !shared && !stream && !arguments && !extra ? 0 : 1;
}
int cuCtxSynchronize(void) { return STATUS; }
"""


def _machine(*gpus: Gpu) -> Machine:
    return Machine("cuda", gpus, Path(sys.executable), Path(sys.executable), Path("/nonexistent"))


@pytest.mark.parametrize(("gpus", "counts"), [(1, [1]), (2, [1, 2]), (3, [1, 2, 3]), (8, [1, 2, 8])])
def test_trains_on_one_two_and_all_gpus(gpus: int, counts: list[int]) -> None:
    assert training.counts(_machine(*[H100] * gpus)) == counts


def test_gpus_before_ampere_skip_bf16() -> None:
    assert training.precisions(_machine(H100)) == ("fp32", "bf16")
    assert training.precisions(_machine(H100, T4)) == ("fp32",)


def test_too_much_memory_is_twice_the_memory_of_the_largest_gpu() -> None:
    assert _machine(T4, H100).too_much_memory == 2 * 81559 * 1024 * 1024


def test_a_model_that_runs_on_the_cpu_of_a_machine_with_gpus_fails() -> None:
    assert inference.ran_on(_machine(H100), {"CUDAExecutionProvider": 4}) == "4 nodes on CUDAExecutionProvider"
    for nodes in ({"CPUExecutionProvider": 4}, {"CUDAExecutionProvider": 3, "CPUExecutionProvider": 1}, {}):
        with pytest.raises(CheckError, match="every node of the model must run on CUDAExecutionProvider"):
            inference.ran_on(_machine(H100), nodes)


@pytest.mark.parametrize("report", [{"processes": 1, "device": H100.name}, {"processes": 2, "device": "cpu"}])
def test_a_run_on_the_wrong_devices_fails(report: dict[str, object]) -> None:
    with pytest.raises(CheckError, match="the run had"):
        training.must_use(_machine(H100, H100), report, 2)


@pytest.mark.parametrize(("status", "problem"), [(719, ""), (0, "RuntimeError: the kernel did not trap")])
def test_the_kernel_that_traps_is_started_in_the_primary_context(status: int, problem: str, tmp_path: Path) -> None:
    command = ["cc", "-shared", "-fPIC", f"-DSTATUS={status}", "-x", "c", "-", "-o", str(tmp_path / "libcuda.so.1")]
    subprocess.run(command, input=CUDA, text=True, check=True)
    variables = {"PATH": os.environ["PATH"], "PYTHONPATH": str(DOCKER / "acceptance"), "LD_LIBRARY_PATH": str(tmp_path)}
    command = [sys.executable, "-c", "from workload.trap import trap; trap()"]
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    assert (done.stderr.splitlines() or [""])[-1] == problem
