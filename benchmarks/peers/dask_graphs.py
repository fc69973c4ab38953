"""The graphs of benchmarks/Graphs on Dask: the same shapes, bodies, sizes and checks, and the same JSON.

One process is a client that stays: each line on its input is a graph and a number of tasks, each line on its output what
one run of it took. So that runs of several systems can be interleaved without paying each time for a new connection.
"""

import argparse
import json
import sys
import time

from distributed import Client

MODULUS = 1_000_000_007
LANES_MAX = 100
ROOTS = 3


def square(number):
    return number * number


def slow_square(number):
    time.sleep(0.1)
    return number * number


def increment(value):
    return value + 1


def add(left, right):
    return left + right


def total(values):
    return sum(values)


def spread(lane, value):
    return (value + lane) % MODULUS


def collect(lanes):
    return sum(lanes) % MODULUS


def mix(number, first, second, third):
    return (number + first + 2 * second + 3 * third) % MODULUS


def sum_of_squares(count):
    return (count - 1) * count * (2 * count - 1) // 6


def run_map_gather(client, tasks):
    futures = client.map(square, range(tasks), pure=False)
    return client.gather(futures), futures


def run_merge(client, tasks, function=square):
    futures = client.map(function, range(tasks - 1), pure=False)
    last = client.submit(total, futures, pure=False)
    return [last.result()], [futures, last]


def run_merge_slow(client, tasks):
    return run_merge(client, tasks, slow_square)


def run_tree(client, tasks):
    level = client.map(square, range((tasks + 1) // 2), pure=False)
    held = [level]
    left_over = []
    while len(level) > 1:
        half = len(level) // 2
        if len(level) % 2:
            left_over.append(level[-1])
        level = client.map(add, level[:half], level[half : 2 * half], pure=False)
        held.append(level)
    root = level[0]
    for branch in left_over:
        root = client.submit(add, root, branch, pure=False)
        held.append(root)
    if tasks % 2 == 0:
        root = client.submit(increment, root, pure=False)
    return [root.result()], [held, root]


def run_chain(client, tasks):
    links = [client.submit(increment, 0, pure=False)]
    for _ in range(1, tasks):
        links.append(client.submit(increment, links[-1], pure=False))
    return client.gather(links), links


def run_sync(client, tasks):
    futures = []
    results = []
    for number in range(tasks):
        futures.append(client.submit(square, number, pure=False))
        results.append(futures[-1].result())
    return results, futures


def layers_of(tasks):
    left = tasks - 1
    while left > 0:
        lanes = min(LANES_MAX, left - 1)
        if left - lanes - 1 == 1 and lanes > 1:
            lanes -= 1
        yield lanes
        left -= lanes + 1


def run_fan_out_in(client, tasks):
    knot = client.submit(increment, 0, pure=False)
    held = [knot]
    for lanes in layers_of(tasks):
        layer = client.map(spread, range(lanes), [knot] * lanes, pure=False)
        knot = client.submit(collect, layer, pure=False)
        held += [layer, knot]
    return [knot.result()], held


def run_submit_loop(client, tasks):
    futures = [client.submit(square, number, pure=False) for number in range(tasks)]
    return client.gather(futures), futures


def draws(tasks):
    """The inputs of each vertex, by the same linear congruence as RandomDagGraph."""
    state = 20_261_121
    for number in range(tasks):
        inputs = []
        for _ in range(ROOTS if number >= ROOTS else 0):
            state = (state * 6_364_136_223_846_793_005 + 1_442_695_040_888_963_407) % 2**64
            inputs.append((state >> 33) % number)
        yield number, inputs


def run_random_dag(client, tasks):
    vertices = []
    for number, inputs in draws(tasks):
        function, arguments = (mix, [vertices[index] for index in inputs]) if inputs else (square, [])
        vertices.append(client.submit(function, number, *arguments, pure=False))
    return client.gather(vertices), vertices


def answer_fan_out_in(tasks):
    knot = 1
    for lanes in layers_of(tasks):
        knot = collect([spread(lane, knot) for lane in range(lanes)])
    return [knot]


def answer_random_dag(tasks):
    values = []
    for number, inputs in draws(tasks):
        values.append(mix(number, *(values[index] for index in inputs)) if inputs else square(number))
    return values


def squares(tasks):
    return [number * number for number in range(tasks)]


GRAPHS = {
    "map-gather": (run_map_gather, squares),
    "merge": (run_merge, lambda tasks: [sum_of_squares(tasks - 1)]),
    "merge-slow": (run_merge_slow, lambda tasks: [sum_of_squares(tasks - 1)]),
    "tree": (run_tree, lambda tasks: [sum_of_squares((tasks + 1) // 2) + (tasks % 2 == 0)]),
    "chain": (run_chain, lambda tasks: list(range(1, tasks + 1))),
    "sync": (run_sync, squares),
    "fan-out-in": (run_fan_out_in, answer_fan_out_in),
    "submit-loop": (run_submit_loop, squares),
    "random-dag": (run_random_dag, answer_random_dag),
}


def measure(client, graph, tasks):
    run, answer = GRAPHS[graph]
    began = time.perf_counter()
    answers, held = run(client, tasks)
    seconds = time.perf_counter() - began
    del held
    return {
        "graph": graph,
        "tasks": tasks,
        "workers": len(client.scheduler_info()["workers"]),
        "seconds": [seconds],
        "tasks_per_s": tasks / seconds,
        "result_ok": answers == answer(tasks),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scheduler-file", required=True)
    parser.add_argument("--workers", type=int, required=True, help="wait for so many")
    arguments = parser.parse_args()
    with Client(scheduler_file=arguments.scheduler_file) as client:
        client.wait_for_workers(arguments.workers)
        measure(client, "submit-loop", 100)
        for line in sys.stdin:
            graph, tasks = line.split()
            print(json.dumps(measure(client, graph, int(tasks))), flush=True)


if __name__ == "__main__":
    main()
