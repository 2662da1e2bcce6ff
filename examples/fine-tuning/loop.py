"""Fine-tunes a causal language model on text. Reads the model and the text from the data folder, and downloads nothing.

    model/          config.json, *.safetensors and the tokenizer, as save_pretrained writes them
    text/*.jsonl    the text, each line an object such as {"text": "..."}

docs/docker.md describes `run` under "Your own training".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from arguments import Arguments, parse_arguments
from causal_model import CausalModel, load_tokenizer
from text import Blocks, batch, blocks, documents, split
from trainer.errors import Interruption, UnrecoverableError
from trainer.run import Run

_REPORT_STEPS = 10


def train(run: Run) -> Mapping[str, Any] | None:
    """Train to the last step and write the model. Returns the result for the report."""
    arguments = parse_arguments(run)
    run.begin(arguments.options)
    newest = run.checkpoint.newest()
    if newest is not None and newest.epoch >= arguments.epochs:
        if not run.place.leads:
            print(f"run {run.id} is complete", flush=True)
            return None
        # Pods that have succeeded do not start again.
        run.alone()
    kept = run.checkpoint.load()
    tokenizer = run.when_permitted("model", lambda: load_tokenizer(arguments.model))
    rows, held_out = split(_tokens(run, arguments, tokenizer))
    model = CausalModel(arguments.model, run, group=run.join(), seed=arguments.seed)
    steps_of_epoch = _checked_steps(arguments, rows, model)
    steps, step = arguments.epochs * steps_of_epoch, 0 if kept is None else kept.step
    model.start(None if kept is None else dict(kept.state))

    def save(*, wait: bool = False) -> None:
        if run.place.leads:
            run.checkpoint.save(model.state(), epoch=step // steps_of_epoch, step=step, wait=wait)

    try:
        while step < steps:
            run.heartbeat()
            loss = model.step(batch(rows, arguments.batch_size, step, arguments.seed), step, arguments.rate(step, steps))
            step += 1
            if step % _REPORT_STEPS == 0 or step == steps:
                run.report(step, {"loss": loss})
                if run.place.leads:
                    print(f"step {step}/{steps}  loss {loss:.6f}", flush=True)
            if step % arguments.checkpoint_steps == 0 or step % steps_of_epoch == 0:
                save()
    except Interruption:
        # After SIGTERM, the deadline, or the loss of a process, the next start resumes from here.
        save(wait=True)
        raise
    measured = model.measure(held_out, run.heartbeat)
    model.close()
    run.report(steps, {"held_out_loss": measured})
    target = run.directory / "model"
    if run.place.leads:
        model.save(target)
        tokenizer.save_pretrained(target)
    return {
        "held_out_loss": round(measured, 6),
        "steps": steps,
        "blocks": len(rows),
        "resumed_from_step": None if kept is None else kept.step,
        "model": str(target),
    }


def _tokens(run: Run, arguments: Arguments, tokenizer: Any) -> Blocks:
    """The blocks of tokens. Rank 0 creates them for all ranks, because tokenizing uses the CPUs of a whole node."""
    group = run.join()

    def encode(text: str) -> list[int]:
        run.heartbeat()
        tokens: list[int] = tokenizer.encode(text, add_special_tokens=False, verbose=False)
        return tokens

    def read() -> Blocks:
        return blocks(documents(arguments.text), encode, tokenizer.eos_token_id, arguments.context)

    content = run.when_permitted("text", read).tobytes() if group.place.leads else b""
    return np.frombuffer(group.broadcast(content), dtype=np.int32).reshape(-1, arguments.context)


def _checked_steps(arguments: Arguments, rows: Blocks, model: CausalModel) -> int:
    """Number of steps per epoch. Raises UnrecoverableError if the text is too short, or blocks are too long for the model."""
    if arguments.context > model.longest:
        raise UnrecoverableError(f"--context {arguments.context}: the model reads at most {model.longest} tokens")
    if len(rows) < arguments.batch_size:
        raise UnrecoverableError(
            f"--batch-size {arguments.batch_size}: the text has {len(rows)} blocks of {arguments.context} tokens to train on, "
            "which is less than a batch"
        )
    return len(rows) // arguments.batch_size
