"""The loop of examples/fine-tuning on the CPU: tiny models with random initial weights, and the project's documents as text."""

from __future__ import annotations

import json
import re
import signal
from collections.abc import Callable
from pathlib import Path
from subprocess import Popen
from typing import Any

import pytest
import torch
from safetensors.torch import load_file
from tokenizers import ByteLevelBPETokenizer
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    GPT2Config,
    GPT2LMHeadModel,
    LlamaConfig,
    LlamaForCausalLM,
    MixtralConfig,
    MixtralForCausalLM,
    PreTrainedTokenizerFast,
)

from gate import Gate
from support import DOCKER, PATIENCE_SECONDS, Start, finish, read_until, result_of, start_module

EXAMPLE = DOCKER.parent / "examples" / "fine-tuning"
WORDS = 300
SECONDS = 5 * PATIENCE_SECONDS
CONTEXT = 32
ARGUMENTS = ("--epochs", "6", "--batch-size", "8", "--context", str(CONTEXT), "--learning-rate", "0.003", "--checkpoint-steps", "7")

SIZE = {"vocab_size": WORDS, "pad_token_id": 0, "bos_token_id": 0, "eos_token_id": 0}
MODELS: dict[str, Callable[[], Any]] = {
    # The model shares the weights of the first and the last layer, and has a dropout of 0.1.
    "gpt2": lambda: GPT2LMHeadModel(GPT2Config(n_layer=2, n_embd=32, n_head=2, n_positions=CONTEXT, **SIZE)),
    "llama": lambda: LlamaForCausalLM(
        LlamaConfig(
            hidden_size=32,
            intermediate_size=64,
            num_hidden_layers=2,
            num_attention_heads=4,
            num_key_value_heads=2,
            max_position_embeddings=CONTEXT,
            tie_word_embeddings=False,
            **SIZE,
        )
    ),
    # A step uses only some of the parameters.
    "mixtral": lambda: MixtralForCausalLM(
        MixtralConfig(
            hidden_size=32,
            intermediate_size=64,
            num_hidden_layers=2,
            num_attention_heads=4,
            num_key_value_heads=2,
            max_position_embeddings=CONTEXT,
            num_local_experts=8,
            num_experts_per_tok=1,
            **SIZE,
        )
    ),
}


def _data(folder: Path, model: Any) -> Path:
    """The data folder of a run."""
    paragraphs = [text for text in (DOCKER.parent / "docs" / "architecture.md").read_text().split("\n\n") if text]
    (folder / "text").mkdir(parents=True)
    (folder / "text" / "docs.jsonl").write_text("".join(f"{json.dumps({'text': text})}\n" for text in paragraphs[:45]))
    tokenizer = ByteLevelBPETokenizer()
    tokenizer.train_from_iterator(paragraphs, vocab_size=WORDS, special_tokens=["<end>"], show_progress=False)
    PreTrainedTokenizerFast(tokenizer_object=tokenizer._tokenizer, eos_token="<end>").save_pretrained(folder / "model")
    model.save_pretrained(folder / "model")
    return folder


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The data with each model."""
    torch.manual_seed(1)
    return {name: _data(tmp_path_factory.mktemp(name), make()) for name, make in MODELS.items()}


def _variables(data: Path, folder: Path, **more: str) -> dict[str, str]:
    return {
        "RUN_ID": "run-1",
        "CHECKPOINT_DIR": str(folder),
        "DATA_DIR": str(data),
        "HEARTBEAT_FILE": str(folder / "alive"),
        "HF_HUB_OFFLINE": "1",
        "HOME": str(folder),
        "OMP_NUM_THREADS": "1",
        "PYTHONPATH": str(EXAMPLE),
        "TOKENIZERS_PARALLELISM": "false",
        "TRAINING_LOOP": "loop:train",
        **more,
    }


def _hold(gate: Gate, step: int) -> dict[str, str]:
    """Variables of a run that waits at a gate after a step."""
    return {"TRAINING_LOOP": "held_loop:train", "PYTHONPATH": f"{EXAMPLE}:{Path(__file__).parent}", "HOLD": str(step), "GATE": gate.path}


def _torchrun(start: Start, data: Path, folder: Path, port: int, **more: str) -> Popen[str]:
    """Two processes of torchrun, with the variables that the stack sets."""
    pod = {"PET_NPROC_PER_NODE": "2", "PET_NNODES": "1", "PET_MASTER_ADDR": "localhost", "PET_MASTER_PORT": str(port)}
    return start("training", "torch.distributed.run", "-m", "trainer", *ARGUMENTS, **_variables(data, folder, **pod, **more))


def _nodes(start: Start, data: Path, folder: Path, port: int, **more: str) -> list[Popen[str]]:
    """Two nodes with one process each."""
    shared = {"WORLD_SIZE": "2", "MASTER_ADDR": "localhost", "MASTER_PORT": str(port)}
    return [
        start(
            "training",
            "trainer",
            *ARGUMENTS,
            **_variables(data, folder, **shared, RANK=str(rank), HEARTBEAT_FILE=str(folder / f"alive-{rank}"), **more),
        )
        for rank in range(2)
    ]


def _losses(output: str) -> list[float]:
    return [float(loss) for loss in re.findall(r"^step \d+/\d+  loss (\S+)", output, re.MULTILINE)]


def _report(output: str) -> dict[str, Any]:
    (line,) = [line for line in output.splitlines() if line.startswith("{")]
    return result_of(line)


@pytest.fixture(scope="module")
def uninterrupted(data: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The output of an uninterrupted run of each model in one process."""
    printed: dict[str, str] = {}
    for name, folder in data.items():
        target = tmp_path_factory.mktemp(f"{name}-run")
        status, out, err = finish(start_module("training", "trainer", *ARGUMENTS, **_variables(folder, target)), seconds=SECONDS)
        assert (status, err) == (0, "")
        printed[name] = out
    return printed


@pytest.mark.parametrize("name", MODELS)
def test_the_loss_falls_and_transformers_can_load_the_model(name: str, uninterrupted: dict[str, str]) -> None:
    report, losses = _report(uninterrupted[name]), _losses(uninterrupted[name])
    assert len(losses) == -(-report["steps"] // 10)
    assert losses[-1] < losses[0] - 0.5
    model = AutoModelForCausalLM.from_pretrained(report["model"], local_files_only=True)
    tokenizer = AutoTokenizer.from_pretrained(report["model"], local_files_only=True)
    # Includes the held-out text. The initial model guesses: its loss is the logarithm of the number of words.
    assert report["held_out_loss"] < 5.2
    words = tokenizer("The sandbox runs", return_tensors="pt", return_token_type_ids=False)
    said = model.generate(**words, min_new_tokens=4, max_new_tokens=4, do_sample=False, pad_token_id=tokenizer.eos_token_id)
    assert said.shape == (1, words["input_ids"].shape[1] + 4)


def test_two_processes_reach_the_loss_of_one(
    data: dict[str, Path], uninterrupted: dict[str, str], tmp_path: Path, start: Start, free_port: int
) -> None:
    # Without dropout, which is random in each process.
    status, out, err = finish(_torchrun(start, data["llama"], tmp_path, free_port), seconds=SECONDS)
    assert status == 0, err
    alone = uninterrupted["llama"]
    assert (_report(out)["processes"], _report(alone)["processes"]) == (2, 1)
    assert _losses(out) == pytest.approx(_losses(alone), abs=1e-3)
    assert _report(out)["held_out_loss"] == pytest.approx(_report(alone)["held_out_loss"], abs=1e-3)


def _same_weights(one: Path, other: Path) -> bool:
    first, second = (load_file(folder / "run-1" / "model" / "model.safetensors") for folder in (one, other))
    return first.keys() == second.keys() and all(torch.equal(value, second[name]) for name, value in first.items())


@pytest.mark.parametrize("name", ["gpt2", "mixtral"])
def test_ends_with_the_same_weights_after_sigterm_and_a_lost_node(
    name: str, data: dict[str, Path], tmp_path: Path, start: Start, free_port: int
) -> None:
    whole, parts, early, late = (tmp_path / folder for folder in ("whole", "parts", "early", "late"))
    for folder in (whole, parts, early, late):
        folder.mkdir()
    status, expected, err = finish(_torchrun(start, data[name], whole, free_port), seconds=SECONDS)
    assert status == 0, err

    stopped = _torchrun(start, data[name], parts, free_port, **_hold(Gate(early), 10))
    Gate(early).wait()
    stopped.send_signal(signal.SIGTERM)
    finish(stopped)
    assert not (parts / "run-1" / "model").exists()

    leader, follower = _nodes(start, data[name], parts, free_port, **_hold(Gate(late), 30))
    read_until(leader, "run run-1: resuming after epoch ")
    Gate(late).wait()
    follower.kill()
    Gate(late).open()
    status, out, err = finish(leader)
    assert (status, err) == (75, "")
    assert re.search(r"lost (rank|a process)", out)

    status, out, err = finish(_torchrun(start, data[name], parts, free_port), seconds=SECONDS)
    assert status == 0, err
    assert _report(out)["resumed_from_step"] >= 30
    assert _losses(out) == _losses(expected)[-len(_losses(out)) :]
    assert _report(out)["held_out_loss"] == _report(expected)["held_out_loss"]
    assert _same_weights(whole, parts)

    # A pod that restarts after the others have succeeded does not wait for them.
    leader, follower = _nodes(start, data[name], parts, free_port)
    assert finish(follower)[:2] == (0, "run run-1 is complete\n")
    status, out, err = finish(leader)
    assert (status, err) == (0, "")
    assert _report(out)["held_out_loss"] == pytest.approx(_report(expected)["held_out_loss"], abs=1e-5)


@pytest.mark.parametrize(
    ("arguments", "processes", "problem"),
    [
        (("--batch-size", "7"), 2, "error: --batch-size 7: it must be a multiple of the run's 2 processes\n"),
        (("--context", "33"), 1, "error: --context 33: the model reads at most 32 tokens\n"),
        (("--batch-size", "100000"), 1, "blocks of 32 tokens to train on, which is less than a batch\n"),
        (("--learning-rate", "0"), 1, "error: argument --learning-rate: 0 must be above 0 and at most 1 (see python -m trainer --help)\n"),
    ],
)
def test_invalid_data_and_arguments_end_the_run(
    arguments: tuple[str, ...], processes: int, problem: str, data: dict[str, Path], tmp_path: Path, start: Start, free_port: int
) -> None:
    pod = {"PET_NPROC_PER_NODE": str(processes), "PET_MASTER_PORT": str(free_port)}
    status, _, err = finish(start("training", "trainer", *ARGUMENTS, *arguments, **_variables(data["gpt2"], tmp_path, **pod)))
    assert status == 42
    assert err.endswith(problem)


def test_does_not_download_a_missing_model(data: dict[str, Path], tmp_path: Path, start: Start) -> None:
    (tmp_path / "text").symlink_to(data["gpt2"] / "text")
    status, _, err = finish(start("training", "trainer", *ARGUMENTS, **_variables(tmp_path, tmp_path)))
    assert (status, err) == (42, f"error: {tmp_path / 'model'} has no config.json: copy a model there, as save_pretrained writes it\n")
    status, _, err = finish(start("training", "trainer", *ARGUMENTS, **_variables(tmp_path, tmp_path, DATA_DIR="")))
    assert status == 42
    assert err.startswith("error: DATA_DIR is not set: ")
