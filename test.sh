#!/bin/sh
# Builds everything, checks the format, and runs every test. The last line says how it went.
#
#   ./test.sh            needs the .NET SDK and nothing else
#   ./test.sh --system   also the tests against real systems: installs packages, edits /etc/hosts, starts daemons (as root)
set -u
cd "$(dirname "$0")"

SYSTEM=no
for argument in "$@"; do
  case $argument in
    --system) SYSTEM=yes ;;
    *) echo "test.sh: unknown argument '$argument': there is --system." >&2; exit 2 ;;
  esac
done

CONFIGURATION=Debug
LOGS=$(mktemp -d)
PASSED=0
FAILED=0

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 NO_COLOR=1
# Compilers and build nodes that stay behind would hold memory that the tests need. The build of everything has a compiler that stays, and a minute less to wait; it is ended after that.
export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false

# Processes that tests started and that outlived them: known by the folder that their program was built into.
leftovers() {
  for process in /proc/[0-9]*; do
    program=$(readlink "$process/exe" 2> /dev/null) || continue
    case $program in
      "$PWD"/*/bin/*) echo "${process#/proc/}" ;;
      */dotnet) tr '\0' '\n' < "$process/cmdline" 2> /dev/null | grep -q "^$PWD/.*/bin/.*\.dll$" && echo "${process#/proc/}" ;;
    esac
  done
}

finish() {
  # An installation that is left in the middle would be in the way of the next.
  wait
  rm -rf "$LOGS"
  for process in $(leftovers); do
    kill -9 "$process" 2> /dev/null
  done
}
trap finish EXIT
trap 'exit 130' INT TERM

say() { printf '\n== %s\n' "$1"; }

fail() {
  echo "FAILED: $1"
  FAILED=$((FAILED + 1))
}

install_systems() {
  export DEBIAN_FRONTEND=noninteractive
  missing=
  for package in python3-grpcio python3-msgpack gridengine-master gridengine-exec gridengine-client slurm-wlm munge openssh-server rsync iproute2 busybox-static; do
    dpkg -s "$package" > /dev/null 2>&1 || missing="$missing $package"
  done
  [ -z "$missing" ] && return 0
  apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing > "$LOGS/apt" 2>&1 || { tail -n 20 "$LOGS/apt"; return 1; }
}

# Runs one test program, prints its failures and its summary, and counts.
run_tests() {
  name=$1
  program=tests/$name/bin/$CONFIGURATION/net10.0/Weft.$name
  filter='-trait- Category=System'
  [ "$SYSTEM" = yes ] && filter=
  # shellcheck disable=SC2086
  timeout --kill-after=10 420 "$program" -noColor -diagnostics -longRunning 60 $filter > "$LOGS/$name" 2>&1
  code=$?
  summary=$(grep 'Total: ' "$LOGS/$name" | tail -n 1)
  total=$(count Total "$summary")
  failed=$(count Failed "$summary")
  errors=$(count Errors "$summary")
  skipped=$(count Skipped "$summary")
  bad=$((failed + errors + skipped))
  if [ "$code" -ne 0 ] && [ "$bad" -eq 0 ]; then
    bad=1
  fi
  PASSED=$((PASSED + total - failed - skipped))
  FAILED=$((FAILED + bad))
  if [ "$bad" -gt 0 ]; then
    # What failed, and why, first: a test may have printed thousands of lines of its own.
    grep -a -A 25 '\[FAIL\]' "$LOGS/$name" | head -n 400
    tail -n 40 "$LOGS/$name"
    echo "$name: exit code $code"
  fi
  echo "$name:${summary#*Weft."$name"}"
}

count() { printf '%s\n' "$2" | sed -n "s/.*$1: \([0-9]*\).*/\1/p" | grep . || echo 0; }

# Packages come from the network while the compiler has the processors.
INSTALLING=
if [ "$SYSTEM" = yes ]; then
  say 'system tests: this installs packages with apt, edits /etc/hosts, adds users and starts daemons'
  install_systems > "$LOGS/packages" 2>&1 &
  INSTALLING=$!
fi

say "build ($CONFIGURATION)"
if dotnet build Runtime.sln -c $CONFIGURATION -p:UseSharedCompilation=true -v q -nologo -clp:NoSummary > "$LOGS/build" 2>&1; then
  echo 'built'
  dotnet build-server shutdown --vbcscompiler > /dev/null
else
  sort -u "$LOGS/build" | head -n 60
  fail 'the solution does not build'
  printf '\n%s passed, %s failed\n' "$PASSED" "$FAILED"
  exit 1
fi

# The rest of what 'dotnet format' looks at, style and analysis, are errors of the build.
say 'format'
dotnet format whitespace Runtime.sln --verify-no-changes --no-restore > "$LOGS/whitespace" 2>&1 &
WHITESPACE=$!
dotnet format style Runtime.sln --diagnostics IMPORTS --verify-no-changes --no-restore > "$LOGS/imports" 2>&1
IMPORTS=$?
if wait "$WHITESPACE" && [ "$IMPORTS" -eq 0 ]; then
  echo 'as it should be'
else
  cat "$LOGS/whitespace" "$LOGS/imports" | head -n 40
  fail 'dotnet format would change something'
fi

if [ -n "$INSTALLING" ] && ! wait "$INSTALLING"; then
  cat "$LOGS/packages"
  fail 'the packages could not be installed'
fi

# Tests of real processes start it hundreds of times: published, as users have it, it needs a quarter less of the processors until its first result.
say 'program'
export WEFT_TESTED_PROGRAM_FOLDER="$PWD/src/Cli/bin/$CONFIGURATION/published"
if dotnet publish src/Cli -c $CONFIGURATION -o "$WEFT_TESTED_PROGRAM_FOLDER" -v q -nologo > "$LOGS/publish" 2>&1; then
  echo 'published'
else
  sort -u "$LOGS/publish" | head -n 60
  fail 'the program cannot be published'
fi

say 'tests'
for project in tests/*.Tests; do
  run_tests "$(basename "$project")"
done

printf '\n%s passed, %s failed\n' "$PASSED" "$FAILED"
[ "$FAILED" -eq 0 ]
