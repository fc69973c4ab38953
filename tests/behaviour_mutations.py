#!/usr/bin/env python3
"""Takes away what holds each behaviour, and sees its test turn red: the changes of docs/behaviours.md, each made in a copy of this tree.

Usage: behaviour_mutations.py [NUMBER ...]     all behaviours without a number
Ends with 0 if each change compiles and turns its test red, and each test is green without it; with 1 if not; with 2 if the table cannot be followed.
A few seconds to a minute each. A change is made wherever its text stands in the file; a test that does not end counts as red.
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
TABLE = ROOT / "docs" / "behaviours.md"
CHANGE = re.compile(r"(\S+\.cs) `([^`]+)` → (?:`([^`]*)`|nothing)")
TEST_SECONDS = 180
BUILD = ["dotnet", "build", "-v", "quiet", "-nologo", "-p:TreatWarningsAsErrors=false", "-p:RunAnalyzers=false"]


class Wrong(Exception):
    """A row of the table that cannot be followed."""


class Change:
    def __init__(self, file, old, new):
        self.file, self.old, self.new = file, old, new
        # Line breaks and indents of the source do not matter.
        self.pattern = r"\s+".join(re.escape(word) for word in old.split())

    def __str__(self):
        return f"{self.file.name} `{self.old}` → {f'`{self.new}`' if self.new else 'nothing'}"

    def make(self, root):
        path = root / self.file
        text = path.read_text()
        path.write_text(re.sub(self.pattern, lambda _: self.new, text))
        return lambda: path.write_text(text)


def tracked(folder, suffix):
    listed = subprocess.run(["git", "ls-files", "-z", folder], cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True).stdout
    return [pathlib.Path(file) for file in listed.split("\0") if file.endswith(suffix) and (ROOT / file).is_file()]


def read_change(text, sources):
    match = CHANGE.fullmatch(text)
    if match is None:
        raise Wrong(f"'{text}' is no change: FILE.cs `old` → `new`, or → nothing.")
    named = [source for source in sources if source.name == match[1]]
    if len(named) != 1:
        raise Wrong(f"there are {len(named)} files named {match[1]}.")
    change = Change(named[0], match[2], match[3] or "")
    if not re.search(change.pattern, (ROOT / change.file).read_text()):
        raise Wrong(f"{match[1]} has no '{match[2]}'.")
    return change


def rows():
    """Number, test's name, projects that have a test of this name, changes."""
    sources, tests = tracked("src", ".cs"), {file: (ROOT / file).read_text() for file in tracked("tests", ".cs")}
    for line in TABLE.read_text().splitlines():
        cells = [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)]
        if len(cells) != 6 or not cells[1].isdigit():
            continue
        try:
            name = re.search(r"`(\w+)`", cells[3])[1]
            projects = sorted({file.parts[1] for file, text in tests.items() if f" {name}(" in text})
            if not projects:
                raise Wrong(f"no test is named {name}.")
            yield int(cells[1]), name, projects, [read_change(change, sources) for change in cells[4].split("; or ")]
        except Wrong as wrong:
            raise Wrong(f"docs/behaviours.md, {cells[1]}: {wrong}") from None


def build(root, project):
    return subprocess.run([*BUILD, f"tests/{project}"], cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def is_green(root, project, test):
    program = root / "tests" / project / "bin" / "Debug" / "net10.0" / f"Weft.{project}"
    try:
        ran = subprocess.run([program, "-noColor", "-method", f"*.{test}"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", timeout=TEST_SECONDS)
    except subprocess.TimeoutExpired:
        return False
    if ran.returncode == 0 and not re.search(r"Total: [1-9]", ran.stdout):
        raise Wrong(f"{project} ran no {test}.")
    return ran.returncode == 0


def verdict(root, projects, test):
    red = []
    for project in projects:
        built = build(root, project)
        if built.returncode != 0:
            return "does not compile: " + next((line for line in built.stdout.splitlines() if "error" in line), "?")
        red.append(not is_green(root, project, test))
    return "red" if any(red) else "green"


def main(numbers):
    chosen = [row for row in rows() if not numbers or row[0] in numbers]
    if missing := numbers - {row[0] for row in chosen}:
        raise Wrong(f"docs/behaviours.md has no {', '.join(map(str, sorted(missing)))}.")
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="weft-mutations-") as scratch:
        root = pathlib.Path(scratch)
        for file in tracked(".", ""):
            (root / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / file, root / file)
        for number, test, projects, changes in chosen:
            tries = [("as it is", "green", lambda: None)] + [(str(change), "red", change) for change in changes]
            for what, wanted, change in tries:
                undo = change.make(root) if wanted == "red" else change
                found = verdict(root, projects, test)
                undo()
                wrong += found != wanted
                print(f"{number}: {found}{'' if found == wanted else ', NOT ' + wanted}: {what}", flush=True)
    print(f"{len(chosen)} behaviours, {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    try:
        sys.exit(main({int(number) for number in sys.argv[1:]}))
    except (Wrong, ValueError) as problem:
        print(f"behaviour_mutations: {problem}", file=sys.stderr)
        sys.exit(2)
