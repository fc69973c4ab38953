#!/bin/sh
# Makes this machine a Grid Engine of one host, for the tests of category System: installs what is missing, edits
# /etc/hosts, starts the daemons, and sets up a queue, a parallel environment and a user 'hpc' for jobs. May be run again at any time.
set -eu

export DEBIAN_FRONTEND=noninteractive

# Daemons outlive the tests that start them, and hand their environment on to jobs of later ones.
unset WEFT_PROGRAM WEFT_SCHEDULER_FILE
HOST=$(hostname)
CELL=/var/lib/gridengine/default

# The daemons refuse each other unless 127.0.0.1 resolves to the host's own name first. Written in place: in a
# container the file is a mount and cannot be replaced.
if [ "$(head -n 1 /etc/hosts)" != "127.0.0.1 $HOST localhost" ]; then
  rest=$(grep -vx "127.0.0.1 $HOST localhost" /etc/hosts || true)
  printf '127.0.0.1 %s localhost\n%s\n' "$HOST" "$rest" > /etc/hosts
fi

if ! command -v qsub > /dev/null || ! [ -x /usr/sbin/sge_execd ]; then
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends gridengine-master gridengine-exec gridengine-client > /dev/null
fi

id hpc > /dev/null 2>&1 || useradd -m hpc

if ! qhost > /dev/null 2>&1; then
  mkdir -p "$CELL/common"
  echo "$HOST" > "$CELL/common/act_qmaster"
  /etc/init.d/gridengine-master restart > /dev/null 2>&1 || true
  tries=0
  until qhost > /dev/null 2>&1; do
    tries=$((tries + 1))
    [ "$tries" -lt 60 ] || { echo "the Grid Engine master does not answer" >&2; exit 1; }
    sleep 1
  done
fi

qconf -ah "$HOST" > /dev/null 2>&1 || true
qconf -as "$HOST" > /dev/null 2>&1 || true
qconf -am root > /dev/null 2>&1 || true

WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT

if ! qconf -shgrp @weft > /dev/null 2>&1; then
  printf 'group_name @weft\nhostlist %s\n' "$HOST" > "$WORK/group"
  qconf -Ahgrp "$WORK/group" > /dev/null
fi

if ! qconf -sp make > /dev/null 2>&1; then
  cat > "$WORK/environment" <<'ENVIRONMENT'
pe_name            make
slots              999
user_lists         NONE
xuser_lists        NONE
start_proc_args    NONE
stop_proc_args     NONE
allocation_rule    $pe_slots
control_slaves     TRUE
job_is_first_task  FALSE
urgency_slots      min
accounting_summary TRUE
qsort_args         NONE
ENVIRONMENT
  qconf -Ap "$WORK/environment" > /dev/null
fi

if ! qconf -sq weft > /dev/null 2>&1; then
  cat > "$WORK/queue" <<QUEUE
qname                 weft
hostlist              @weft
seq_no                0
load_thresholds       NONE
suspend_thresholds    NONE
nsuspend              1
suspend_interval      00:05:00
priority              0
min_cpu_interval      00:05:00
processors            UNDEFINED
qtype                 BATCH INTERACTIVE
ckpt_list             NONE
pe_list               make
rerun                 FALSE
slots                 8
tmpdir                /tmp
shell                 /bin/sh
prolog                NONE
epilog                NONE
shell_start_mode      posix_compliant
starter_method        NONE
suspend_method        NONE
resume_method         NONE
terminate_method      NONE
notify                00:00:60
owner_list            NONE
user_lists            NONE
xuser_lists           NONE
subordinate_list      NONE
complex_values        NONE
projects              NONE
xprojects             NONE
calendar              NONE
initial_state         default
s_rt                  INFINITY
h_rt                  INFINITY
s_cpu                 INFINITY
h_cpu                 INFINITY
s_fsize               INFINITY
h_fsize               INFINITY
s_data                INFINITY
h_data                INFINITY
s_stack               INFINITY
h_stack               INFINITY
s_core                INFINITY
h_core                INFINITY
s_rss                 INFINITY
h_rss                 INFINITY
s_vmem                INFINITY
h_vmem                INFINITY
QUEUE
  qconf -Aq "$WORK/queue" > /dev/null
fi

# Jobs start within a second, not within fifteen.
qconf -ssconf | sed -e 's/^schedule_interval .*/schedule_interval 0:0:1/' \
  -e 's/^flush_submit_sec .*/flush_submit_sec 1/' -e 's/^flush_finish_sec .*/flush_finish_sec 1/' > "$WORK/scheduler"
qconf -Msconf "$WORK/scheduler" > /dev/null

# A queue in no state at all is one whose host is up and takes jobs: its line has five words and no sixth.
pgrep -x sge_execd > /dev/null || /etc/init.d/gridengine-exec restart > /dev/null 2>&1 || true
tries=0
until qstat -f -q weft 2> /dev/null | awk '/^weft@/ { up = NF == 5 } END { exit !up }'; do
  tries=$((tries + 1))
  [ "$tries" -lt 90 ] || { echo "the queue 'weft' does not come up: $(qstat -f -q weft)" >&2; exit 1; }
  qmod -c weft > /dev/null 2>&1 || true
  sleep 1
done
