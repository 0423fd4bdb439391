import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest

from interlocal.numerics.distributions import Pert
from interlocal.numerics.draws import RandomDraws, blocks
from interlocal.numerics.engine import Cancelled, run
from interlocal.problems import InputError

BLOCKS = blocks(20_000, seed=4, size=1024)


def simulate(block):
    draws = RandomDraws(block)
    return draws.quantity("cost", Pert(1, 2, 9), "prices", 0.4).tobytes()


def never(block):
    raise ZeroDivisionError(block)


def test_results_come_in_order_and_progress_is_told():
    told = []
    assert run(abs, [-3, -1, -2], progress=lambda *step: told.append(step)) == [3, 1, 2]
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_nothing_to_do_is_done():
    assert run(abs, []) == []
    assert run(abs, [], workers=2) == []


def test_cancelling_ends_the_run():
    asked = iter([False, True])
    with pytest.raises(Cancelled):
        run(abs, [1, 2, 3], cancelled=lambda: next(asked))


def test_what_a_task_raises_is_raised():
    with pytest.raises(ZeroDivisionError):
        run(never, [1, 2])


def test_no_workers_are_refused():
    with pytest.raises(ValueError, match="at least 1"):
        run(abs, [1], workers=0)


def test_dask_that_is_missing_is_named_with_what_installs_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match=r"pip install 'interlocal\[dask\]'"):
        run(abs, [1, 2], engine="dask")


@pytest.mark.slow
@pytest.mark.parametrize("workers", [2, 8])
def test_same_bytes_with_any_number_of_workers(workers):
    assert run(simulate, BLOCKS, workers=workers) == run(simulate, BLOCKS)


@pytest.mark.slow
def test_workers_hand_back_errors_and_can_be_cancelled():
    with pytest.raises(ZeroDivisionError):
        run(never, [1, 2], workers=2)
    with pytest.raises(Cancelled):
        run(abs, range(100), workers=2, cancelled=lambda: True)


@pytest.mark.slow
def test_same_bytes_on_a_dask_cluster_of_two_processes():
    distributed = pytest.importorskip("distributed", reason="the extra for Dask is not installed")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        over_the_network = run(simulate, BLOCKS, engine="dask", scheduler=cluster.scheduler_address)
        assert len(cluster.workers) == 2
    assert over_the_network == run(simulate, BLOCKS)


@pytest.mark.slow
def test_dask_without_a_scheduler_makes_a_cluster_for_the_call():
    pytest.importorskip("distributed", reason="the extra for Dask is not installed")
    assert run(simulate, BLOCKS[:3], engine="dask", workers=2) == run(simulate, BLOCKS[:3])


@pytest.mark.slow
def test_a_scheduler_that_does_not_answer_is_said_so():
    pytest.importorskip("distributed", reason="the extra for Dask is not installed")
    with pytest.raises(InputError, match=r"--scheduler tcp://127\.0\.0\.1:1"):
        run(abs, [1, 2], engine="dask", scheduler="tcp://127.0.0.1:1")


@pytest.mark.slow
def test_an_interrupt_leaves_no_worker_behind(tmp_path):
    script = tmp_path / "interrupted.py"
    script.write_text(
        textwrap.dedent("""
            import os, signal, sys, time
            from interlocal.numerics.engine import run

            def task(_):
                os.write(1, b"%d\\n" % os.getpid())
                time.sleep(0.2)

            if __name__ == "__main__":
                # What a shell runs in the background ignores an interrupt, and so do its children.
                signal.signal(signal.SIGINT, signal.default_int_handler)
                try:
                    run(task, range(1000), workers=2)
                except KeyboardInterrupt:
                    sys.exit(130)
        """)
    )
    process = subprocess.Popen(
        [sys.executable, script], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    workers = {int(process.stdout.readline()) for _ in range(8)}
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30) == 130
    assert workers
    time.sleep(0.5)
    assert not [pid for pid in workers if is_running(pid)]


def is_running(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
