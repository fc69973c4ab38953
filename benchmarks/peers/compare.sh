#!/bin/bash
# The same graphs on Weft and on its peers, in turn on this machine. Prints a Markdown table of medians.
# Usage: compare.sh [--quick] [--tasks N] [--repeat K] [--graphs "map-gather chain …"]
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
python=${PYTHON:-/usr/bin/python3}
repeat=5
tasks=
scale=1
graphs="map-gather merge tree chain sync fan-out-in submit-loop random-dag"

fail() { echo "compare.sh: $1" >&2; exit 2; }
while [ $# -gt 0 ]; do
  case $1 in
    --quick) repeat=2; scale=5 ;;
    --tasks) tasks=${2:?--tasks needs a number}; shift ;;
    --repeat) repeat=${2:?--repeat needs a number}; shift ;;
    --graphs) graphs=${2:?--graphs needs names}; shift ;;
    *) fail "unknown argument '$1': there are --quick, --tasks N, --repeat K, --graphs NAMES." ;;
  esac
  shift
done

"$python" -c 'import distributed' 2>/dev/null \
  || fail "Dask is not installed for $python (Debian: apt-get install python3-distributed; or set PYTHON). Nothing was run."

# As it is shipped: compiled ahead of time. Compiling while it runs takes several times what the tasks of a short run take.
program="$root/src/Cli/bin/published"
dotnet publish "$root/src/Cli" -c Release -v q -nologo -o "$program" >&2
exec "$python" "$here/compare.py" \
  --weft "$program/weft" --python "$python" --dask "$here/dask_graphs.py" \
  --repeat "$repeat" --scale "$scale" ${tasks:+--tasks "$tasks"} $graphs
