"""The loop that trains any model: batches in, steps of its plan's objectives, events and checkpoints out."""

import math
import time
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
import torch

from trainers.data.batching import BatchStream
from trainers.engine.batch_supply import BatchSupply
from trainers.engine.checkpoint import RUN_FILE, all_finite
from trainers.engine.commands import Command, CommandQueue
from trainers.engine.devices import is_convolutional
from trainers.engine.events import Finished, Measured, Paused, PhaseStarted, Resumed, SaveReason, Started, Stepped
from trainers.engine.loss_meter import LossMeter
from trainers.engine.orders import Orders
from trainers.engine.phase_schedule import extended_ends, phase_at, phase_ends
from trainers.engine.phase_steps import PhaseSteps
from trainers.engine.prior_fitting import PriorFitter
from trainers.engine.process_group import ProcessGroup
from trainers.engine.resume_point import ResumePoint, process_generators, restore_process_generators
from trainers.engine.run_folder import RESUME_FILE
from trainers.engine.run_output import RunOutput
from trainers.engine.training_clock import TrainingClock
from trainers.engine.training_request import ResolvedRun, TrainingRequest
from trainers.engine.unit_recorder import UnitRecorder
from trainers.errors import FailureError, UsageError
from trainers.models.training_plan import Progress

if TYPE_CHECKING:
    from lightning_fabric import Fabric

_REPORT_INTERVAL_S = 0.2
_RESUME_INTERVAL_S = 60.0
# Batches for repeats come from epochs that no run reaches.
_FIRST_REPEAT_EPOCH = 2**31


def steps_in_all(request: TrainingRequest, steps_per_epoch: int) -> int:
    """Steps of a whole run."""
    steps = request.epochs * steps_per_epoch
    return steps if request.max_steps is None else min(steps, request.max_steps)


class TrainingLoop:
    """One run from a state to its end.

    An epoch is one pass of the steps over the data; repeats of an objective draw further batches from epochs of
    their own. point: the state to go on from, or None at the beginning.
    group: the processes that share the run. Each of them runs this loop, and all go through it in step.
    """

    def __init__(
        self,
        run: ResolvedRun,
        output: RunOutput,
        fabric: "Fabric",
        commands: CommandQueue,
        point: ResumePoint | None,
        group: ProcessGroup,
    ) -> None:
        request = run.request
        self._run = run
        self._model = run.model
        self._output = output
        self._fabric = fabric
        self._commands = commands
        self._group = group
        self._meter = LossMeter()
        self._prior = PriorFitter(run.model, run.dataset, request.seed)
        self._units = UnitRecorder(run.model, run.dataset)
        self._step = self._begun_at = 0 if point is None else point.step
        self._place_model(point)
        self._phases = self._model.phases()
        self._generator = group.generator(run.device, request.seed)
        self._supply, self._repeat_supply = self._supplies(0 if point is None else point.repeat_batches)
        self._total_steps = steps_in_all(request, self._supply.batches_per_epoch)
        self._plan_phases(point)
        self._clock = TrainingClock(self._step, self._total_steps, self._supply.batch_size)
        self._next_report = 0.0
        self._next_resume_point = time.monotonic() + _RESUME_INTERVAL_S

    def run(self) -> Finished:
        """Train to the end or until told to stop; raises `FailureError` where that is impossible."""
        self._announce()
        while self._step < self._total_steps:
            orders = self._orders()
            if self._step > self._begun_at:
                self._between_steps(orders)
            if self._is_told_to_stop(orders.command):
                return self._finish("stopped")
            self._take_step()
        return self._finish("completed")

    def _place_model(self, point: ResumePoint | None) -> None:
        run = self._run
        if point is not None:
            self._restore_model(point)
        elif self._group.is_first:
            torch.manual_seed(run.request.seed)
            self._model.prepare(run.dataset, torch.Generator().manual_seed(run.request.seed))
        self._model.to(run.device).train()
        self._model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # missing from its overloads
        self._group.share_state(self._model)

    def _restore_model(self, point: ResumePoint) -> None:
        try:
            self._model.load_state_dict(point.model)
        except RuntimeError as error:
            path = Path(self._output.run, RESUME_FILE)
            raise UsageError(
                f"{path} holds another model than {RUN_FILE} beside it describes; start a new run."
            ) from error

    def _supplies(self, repeat_batches: int) -> tuple[BatchSupply, BatchSupply]:
        run, request = self._run, self._run.request
        binarisation = self._model.data_spec.binarisation
        stream = BatchStream(run.dataset, request.batch_size, request.seed, run.device, binarisation)
        channels_last = is_convolutional(self._model)
        supply = BatchSupply(stream, self._generator, self._step, channels_last=channels_last)
        repeats = BatchSupply(
            stream, self._generator, repeat_batches, channels_last=channels_last, first_epoch=_FIRST_REPEAT_EPOCH
        )
        return supply, repeats

    def _plan_phases(self, point: ResumePoint | None) -> None:
        shares = [phase.share for phase in self._phases]
        if point is None:
            self._phase_ends = phase_ends(shares, self._total_steps)
        else:
            self._phase_ends = extended_ends(point.phase_ends, shares, point.step, self._total_steps)
        self._phase = phase_at(self._phase_ends, self._step)
        self._steps = PhaseSteps(self._phases[self._phase], self._fabric, self._meter, self._group)
        if point is not None:
            # At the border of two phases the optimisers saved are those of the one that is over.
            if point.phase == self._phase:
                self._steps.restore(point.optimizers)
            self._generator.set_state(point.generator)
            restore_process_generators(point.process_generators, self._run.device)
        if not self._group.is_first:
            # For layers that draw by themselves, such as dropout: not the draws of the first process once more.
            torch.manual_seed(_mixed(self._run.request.seed, self._group.process, self._step))

    def _announce(self) -> None:
        request = self._run.request
        self._output.tell(
            Started(
                run=self._output.run,
                model=request.model,
                data=request.data,
                device=request.device,
                precision=request.precision,
                processes=request.processes,
                parameters=sum(parameter.numel() for parameter in self._model.parameters()),
                steps_per_epoch=self._supply.batches_per_epoch,
                total_steps=self._total_steps,
                epochs=request.epochs,
                seed=request.seed,
                step=self._step,
            )
        )
        self._announce_phase()
        if self._step == 0:
            self._save_checkpoint("snapshot")
            self._save_resume_point()

    def _announce_phase(self) -> None:
        name = self._phases[self._phase].name
        self._output.tell(PhaseStarted(name=name, index=self._phase, count=len(self._phases)))

    def _take_step(self) -> None:
        if self._step >= self._phase_ends[self._phase] and self._phase < len(self._phases) - 1:
            self._enter_next_phase()
        progress = Progress(self._step, self._epoch)
        self._steps.step(self._supply.draw(), progress, self._repeat_supply.draw)
        self._step += 1

    def _enter_next_phase(self) -> None:
        self._report()
        self._phase = phase_at(self._phase_ends, self._step)
        self._steps = PhaseSteps(self._phases[self._phase], self._fabric, self._meter, self._group)
        self._announce_phase()

    def _orders(self) -> Orders:
        """What is to be done before the next step."""
        return self._group.from_first(self._own_orders)

    def _own_orders(self) -> Orders:
        now = time.monotonic()
        return Orders(self._commands.take(), now >= self._next_report, now >= self._next_resume_point)

    def _between_steps(self, orders: Orders) -> None:
        if orders.report:
            self._report()
        if self._step % self._supply.batches_per_epoch == 0:
            self._save("epoch")
        elif orders.save:
            self._save_resume_point()

    def _report(self) -> None:
        terms = self._checked_losses()
        if not terms:
            return
        self._meter.clear()
        step = self._step
        rate, left = self._clock.rate(step), self._clock.seconds_left(step)
        self._output.tell(Stepped(step=step, epoch=self._epoch, terms=terms, images_per_second=rate, seconds_left=left))
        self._next_report = time.monotonic() + _REPORT_INTERVAL_S

    def _checked_losses(self) -> dict[str, float]:
        terms = self._group.means(self._meter.means())
        for name, value in terms.items():
            if not math.isfinite(value):
                raise self._divergence(f"{name} is {value}")
        return terms

    def _check_state(self) -> None:
        self._checked_losses()
        if not all_finite(self._model):
            raise self._divergence("the weights are no longer numbers")

    def _is_told_to_stop(self, command: Command | None) -> bool:
        while command is not None:
            if command == "pause":
                command = self._pause()
            if command == "stop":
                return True
            if command == "snapshot":
                self._save_checkpoint("snapshot")
            command = self._orders().command
        return False

    def _pause(self) -> Command:
        self._report()
        self._save_resume_point()
        self._clock.pause()
        self._output.tell(Paused(step=self._step))
        while (command := self._group.from_first(self._awaited_orders).command) not in ("resume", "stop"):
            if command == "snapshot":
                self._save_checkpoint("snapshot")
        self._clock.go_on()
        if command == "resume":
            self._output.tell(Resumed(step=self._step))
        return command

    def _awaited_orders(self) -> Orders:
        return Orders(self._commands.wait(self._group.heartbeat_s))

    def _finish(self, reason: Literal["completed", "stopped"]) -> Finished:
        self._report()
        path = self._save("final" if reason == "completed" else "stopped")
        finished = Finished(reason=reason, step=self._step, epoch=self._epoch, checkpoint=path)
        self._output.tell(finished)
        return finished

    def _save(self, reason: SaveReason) -> str:
        self._check_state()
        if self._group.is_first:
            if reason == "epoch":
                self._prior.fit_if_due()
            else:
                self._prior.fit()
            self._record_units(reason)
        # The prior, statistics of normalisation, and last bits in which different machines may differ.
        self._group.share_state(self._model)
        path = self._save_checkpoint(reason)
        self._save_resume_point()
        return path

    def _record_units(self, reason: SaveReason) -> None:
        measured = self._units.measure_if_due() if reason == "epoch" else self._units.measure()
        if measured is not None:
            values, step = measured.values, self._step
            told = Measured(step=step, epoch=self._epoch, name=measured.name, value=sum(values), per_unit=values)
            self._output.tell(told)

    def _save_checkpoint(self, reason: SaveReason) -> str:
        self._check_state()
        return self._output.save_checkpoint(self._model, self._step, self._epoch, reason)

    def _save_resume_point(self) -> None:
        self._check_state()
        point = ResumePoint(
            step=self._step,
            repeat_batches=self._repeat_supply.position,
            phase=self._phase,
            phase_ends=self._phase_ends,
            model=self._model.state_dict(),
            optimizers=self._steps.state(),
            generator=self._generator.get_state(),
            process_generators=process_generators(self._run.device),
        )
        self._output.save_resume_point(point)
        self._next_resume_point = time.monotonic() + _RESUME_INTERVAL_S

    def _divergence(self, what: str) -> FailureError:
        settings = self._model.config.model_dump()
        rates = [f"{name} (it is {value:g})" for name, value in settings.items() if name.endswith("learning_rate")]
        return FailureError(
            f"Training diverged by step {self._step}: {what}; lower {' or '.join(rates)} and start a new run. The last "
            "good snapshot is kept."
        )

    @property
    def _epoch(self) -> float:
        return self._step / self._supply.batches_per_epoch


def _mixed(*numbers: int) -> int:
    return int(np.random.SeedSequence(numbers).generate_state(1, np.uint64)[0])
