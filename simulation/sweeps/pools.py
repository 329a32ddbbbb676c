"""Where runs are computed: processes on this machine, or the workers of a Dask scheduler."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from simulation.config import RunConfig
from simulation.errors import DriftscapeError
from simulation.sweeps.worker import end_with_parent

CONNECT_SECONDS = 10
MANY_CORES = 8
"""From here on cores are faster than a device at runs that skip work for silent units."""


class SchedulerError(DriftscapeError):
    """The Dask scheduler cannot be reached, or Dask is not installed."""


@dataclass(frozen=True)
class Pool:
    """Where runs are computed.

    Attributes
    ----------
    slots : how many workers compute at once, which may change.
    shape : runs for which this is the same can be made in lockstep by one worker; None: alone.
    """

    executor: Executor
    slots: Callable[[], int]
    shape: Callable[[RunConfig], Hashable | None] = lambda _: None


@contextmanager
def processes(count: int) -> Iterator[Pool]:
    """So many processes here, a core each; with a GPU, on which they make runs of one shape."""
    executor = Processes(count)
    try:
        if _may_have_cuda() and executor.submit(_has_cuda).result():
            yield Pool(executor, lambda: count, partial(device_key, count))
        else:
            yield Pool(executor, lambda: count)
    finally:
        executor.shutdown(cancel_futures=True)


def device_key(cores: int, config: RunConfig) -> Hashable | None:
    """What runs have in common that a device makes together; None: a core makes this one.

    An H100 makes 8 to 10 million run-steps a second of the paper's small networks, of any rule; a
    core one to two million of those under update noise, once units are silent, and half a million
    of others (`bench --ensemble`, `bench`).
    """
    from simulation.running import trainable_of
    from simulation.running.together import lockstep_key

    quickens = cores >= MANY_CORES and trainable_of(config).quickens
    return None if quickens else lockstep_key(config)


def _may_have_cuda() -> bool:
    """Whether it is worth asking, which loads torch in a worker."""
    return any(Path(device).exists() for device in ("/dev/nvidiactl", "/dev/dxg"))


def _has_cuda() -> bool:
    import torch

    return torch.cuda.is_available()


class Processes(Executor):
    """Worker processes that fail one by one.

    Each has an executor of its own, so that one that is killed (for want of memory, say) breaks
    no job but its own, and is replaced when the next job comes.
    """

    def __init__(self, count: int) -> None:
        for library in ("OPENBLAS", "OMP", "MKL"):  # read when a worker starts: one core each
            os.environ.setdefault(f"{library}_NUM_THREADS", "1")
        self._pools = [_one_process() for _ in range(count)]
        self._last: list[Future[Any] | None] = [None] * count

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Give the call to a process that is idle, if there is one."""
        idle = (place for place, last in enumerate(self._last) if last is None or last.done())
        place = next(idle, 0)
        try:
            future = self._submit(place, fn, *args, **kwargs)
        except BrokenProcessPool:
            self._pools[place].shutdown(wait=False)
            self._pools[place] = _one_process()
            future = self._submit(place, fn, *args, **kwargs)
        self._last[place] = future
        return future

    def _submit(self, place: int, *call: Any, **kwargs: Any) -> Future[Any]:
        """A process starts here: deaf to Ctrl-C, which ends the sweep by way of its parent."""
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            return self._pools[place].submit(*call, **kwargs)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        for pool in self._pools:
            pool.shutdown(wait=wait, cancel_futures=cancel_futures)


def _one_process() -> ProcessPoolExecutor:
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(1, mp_context=context, initializer=end_with_parent)


@contextmanager
def dask(address: str) -> Iterator[Pool]:
    """The workers of a running Dask scheduler, such as tcp://10.0.0.1:8786, a run a thread.

    Raises
    ------
    SchedulerError : Dask is not installed, or nothing answers at this address.
    """
    try:
        from distributed import Client
    except ImportError:
        raise SchedulerError(
            "Dask is not installed.",
            subject="--scheduler",
            remedy="Install it: pip install -r requirements-dask.txt.",
        ) from None
    for name in ("distributed", "distributed.client"):  # what matters is said by us
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise SchedulerError(
            f"No Dask scheduler answers at {address}.",
            subject="--scheduler",
            remedy="Start one with `dask scheduler`, and `dask worker ADDRESS --nthreads 1` on "
            "each machine, where this software and the archive's folder are.",
        ) from error
    try:
        yield Pool(client.get_executor(pure=False), lambda: _threads(client))
    finally:
        client.close()


def _threads(client: Any) -> int:
    try:
        return sum(client.nthreads().values())
    except (OSError, RuntimeError) as error:
        raise SchedulerError(
            f"The Dask scheduler at {client.scheduler.address} no longer answers.",
            subject="--scheduler",
            remedy="Run the same command again: it goes on where it stopped.",
        ) from error
