#!/usr/bin/env python3
"""What the journal costs the scheduler: graphs with and without it, in turn on this machine. Prints a Markdown table.

Usage: journal_cost.py WEFT [--pairs N] [--graphs map-gather,chain,sync] [--zero-worker]
WEFT is the published program: dotnet publish src/Cli -c Release -o artifacts/weft
"""

import argparse
import json
import statistics
import subprocess
import sys

# As many tasks as keep the scheduler busy for a second or more: its processor time is told in hundredths.
TASKS = {"map-gather": 200_000, "chain": 40_000, "sync": 4_000}
REPEATS = {"map-gather": 10, "chain": 12, "sync": 3}


def run(program, graph, journal, options):
    command = [program, "bench", graph, "--processes", "2", "--journal", journal, "--tasks", str(TASKS[graph]), "--repeat", str(REPEATS[graph]), "--json", *options]
    report = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    return report["scheduler_cpu_seconds"], report["median_seconds"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program", metavar="WEFT")
    parser.add_argument("--pairs", type=int, default=10)
    parser.add_argument("--graphs", default=",".join(TASKS))
    parser.add_argument("--zero-worker", action="store_true")
    arguments = parser.parse_args()
    options = ["--zero-worker"] if arguments.zero_worker else []
    print("| graph | tasks | scheduler CPU s, journal off | auto | ratio of the medians | median of the pairs' ratios (least, most) | wall, ratio of the medians |")
    print("|---|---|---|---|---|---|---|")
    for graph in arguments.graphs.split(","):
        off, auto = [], []
        for pair in range(arguments.pairs):
            # Whichever comes first has the colder machine.
            for journal, results in ((("off", off), ("auto", auto)) if pair % 2 == 0 else (("auto", auto), ("off", off))):
                results.append(run(arguments.program, graph, journal, options))
            print(f"{graph} {pair + 1}: off {off[-1][0]:.2f}, auto {auto[-1][0]:.2f}", file=sys.stderr)

        cpu_off, cpu_auto = statistics.median(one[0] for one in off), statistics.median(one[0] for one in auto)
        ratios = [with_it[0] / without[0] for with_it, without in zip(auto, off)]
        wall = statistics.median(one[1] for one in auto) / statistics.median(one[1] for one in off)
        print(f"| {graph} | {TASKS[graph] * REPEATS[graph]} | {cpu_off:.2f} | {cpu_auto:.2f} | {cpu_auto / cpu_off:.2f} "
              f"| {statistics.median(ratios):.2f} ({min(ratios):.2f}, {max(ratios):.2f}) | {wall:.2f} |", flush=True)


if __name__ == "__main__":
    main()
