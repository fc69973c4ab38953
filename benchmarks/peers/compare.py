"""Runs graphs on Weft and on Dask in turn, and prints a Markdown table. Started by compare.sh."""

import argparse
import json
import os
import statistics
import subprocess
import tempfile

# Tasks for Weft and for Dask: about half a second each. Rates are compared, and both have levelled off by then.
TASKS = {
    "map-gather": (200_000, 2_000),
    "merge": (200_000, 2_000),
    "merge-slow": (100, 100),
    "tree": (100_001, 2_001),
    "chain": (20_000, 200),
    "sync": (2_000, 100),
    "fan-out-in": (20_201, 2_021),
    "submit-loop": (50_000, 2_000),
    "random-dag": (60_000, 2_000),
}

# At least so many times the better of Dask's two figures.
GOALS = {"map-gather": 40, "merge": 40, "tree": 40, "submit-loop": 40, "random-dag": 40, "chain": 50, "sync": 20}

WORKERS = 2


class Dask:
    """A scheduler process, two worker processes of one thread, and a client process that runs what it is told."""

    def __init__(self, python, script, saturation=None):
        self.folder = tempfile.TemporaryDirectory(prefix="dask-peer-")
        file = os.path.join(self.folder.name, "scheduler.json")
        environment = dict(os.environ)
        if saturation is not None:
            environment["DASK_DISTRIBUTED__SCHEDULER__WORKER_SATURATION"] = saturation
        self.processes = []

        def start(*arguments, **pipes):
            pipes.setdefault("stdout", subprocess.DEVNULL)
            process = subprocess.Popen(
                [python, *arguments, "--scheduler-file", file],
                env=environment, cwd=self.folder.name, stderr=subprocess.DEVNULL, text=True, **pipes)
            self.processes.append(process)
            return process

        start("-m", "distributed.cli.dask_scheduler", "--no-dashboard", "--host", "127.0.0.1", "--port", "0")
        for _ in range(WORKERS):
            start("-m", "distributed.cli.dask_worker", "--nthreads", "1", "--no-nanny", "--no-dashboard")
        self.client = start(script, "--workers", str(WORKERS), stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def run(self, graph, tasks):
        print(graph, tasks, file=self.client.stdin, flush=True)
        line = self.client.stdout.readline()
        if not line:
            raise SystemExit("compare: the Dask client ended early.")
        return json.loads(line)

    def close(self):
        self.client.stdin.close()
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                # A worker that waits for a scheduler which has gone does not listen.
                process.kill()
                process.wait()
        self.folder.cleanup()


def weft(program, graph, tasks, *place, repeat=3):
    """Three runs in one cluster: processes that live for one short run would be measured while they are compiled."""
    done = subprocess.run(
        [program, "bench", graph, *place, "--tasks", str(tasks), "--repeat", str(repeat), "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode not in (0, 1) or not done.stdout:
        raise RuntimeError(done.stderr.strip() or f"exit code {done.returncode}")
    return json.loads(done.stdout)


def measure(arguments, graph, peers):
    """Interleaved: whatever else the machine does meets all of them."""
    weft_tasks, dask_tasks = TASKS[graph]
    weft_tasks = arguments.tasks or max(100, weft_tasks // arguments.scale)
    dask_tasks = max(100, dask_tasks // arguments.scale)
    rates = {"weft": [], "threads": [], **{name: [] for name in peers}}
    is_right = True
    for _ in range(arguments.repeat):
        result = weft(arguments.weft, graph, weft_tasks, "--processes", str(WORKERS))
        rates["weft"].append(weft_tasks / result["median_seconds"])
        is_right &= result["result_ok"]
        for name, peer in peers.items():
            result = peer.run(graph, dask_tasks)
            rates[name].append(result["tasks_per_s"])
            is_right &= result["result_ok"]
        result = weft(arguments.weft, graph, weft_tasks, "--threads", str(WORKERS))
        rates["threads"].append(weft_tasks / result["median_seconds"])
    return {name: statistics.median(values) for name, values in rates.items()}, weft_tasks, dask_tasks, is_right


def row(graph, medians, weft_tasks, dask_tasks, is_right):
    ratio = medians["weft"] / max(medians["dask"], medians["dask-inf"])
    goal = GOALS.get(graph)
    verdict = "" if goal is None else f"{goal}x: met" if ratio >= goal else f"**{goal}x: missed**"
    return (
        f"| {graph} | {weft_tasks:,} / {dask_tasks:,} | {medians['weft']:,.0f} | {medians['dask']:,.0f} | {medians['dask-inf']:,.0f} "
        f"| {medians['threads']:,.0f} | {ratio:,.1f} | {verdict} | {'yes' if is_right else '**NO**'} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weft", required=True)
    parser.add_argument("--python", required=True)
    parser.add_argument("--dask", required=True)
    parser.add_argument("--repeat", type=int, required=True)
    parser.add_argument("--scale", type=int, required=True)
    parser.add_argument("--tasks", type=int, help="of Weft, in place of the graph's own number")
    parser.add_argument("graphs", nargs="+", choices=TASKS, metavar="GRAPH")
    arguments = parser.parse_args()
    peers = {}
    try:
        peers["dask"] = Dask(arguments.python, arguments.dask)
        peers["dask-inf"] = Dask(arguments.python, arguments.dask, saturation="inf")
        print(f"Tasks per second, medians of {arguments.repeat}; {WORKERS} single-thread worker processes each, {os.cpu_count()} cores.\n")
        print("| graph | tasks (Weft / Dask) | Weft | Dask | Dask, saturation inf | Parallel.For | Weft / better Dask | goal | answers right |")
        print("|---|---|---|---|---|---|---|---|---|", flush=True)
        for graph in arguments.graphs:
            try:
                print(row(graph, *measure(arguments, graph, peers)), flush=True)
            except RuntimeError as failure:
                print(f"| {graph} | | **failed**: {failure} | | | | | | |", flush=True)
    finally:
        for peer in peers.values():
            peer.close()


if __name__ == "__main__":
    main()
