#!/bin/sh
# Makes this machine a Slurm of one host, for the tests of category System: installs what is missing, writes
# /etc/slurm/slurm.conf, and starts the daemons. May be run again at any time.
set -eu

export DEBIAN_FRONTEND=noninteractive

# Daemons outlive the tests that start them, and hand their environment on to jobs of later ones.
unset WEFT_PROGRAM WEFT_SCHEDULER_FILE
HOST=$(hostname -s)

if ! command -v sbatch > /dev/null || ! [ -x /usr/sbin/slurmd ] || ! [ -x /usr/sbin/munged ]; then
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends slurm-wlm munge > /dev/null
fi

id hpc > /dev/null 2>&1 || useradd -m hpc

if ! munge -n > /dev/null 2>&1; then
  mkdir -p /run/munge /var/log/munge /var/lib/munge
  chown munge: /run/munge /var/log/munge /var/lib/munge
  runuser -u munge -- /usr/sbin/munged
fi

WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT

# More cores than the machine has, and no memory that is kept account of: many small jobs run at a time. Ended jobs are remembered for a while.
cat > "$WORK/slurm.conf" <<CONF
ClusterName=weft
SlurmctldHost=$HOST(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdParameters=config_overrides
StateSaveLocation=/var/lib/weft-slurm/state
SlurmdSpoolDir=/var/lib/weft-slurm/spool
SlurmctldPidFile=/run/weft-slurmctld.pid
SlurmdPidFile=/run/weft-slurmd.pid
SlurmctldLogFile=/var/log/weft-slurmctld.log
SlurmdLogFile=/var/log/weft-slurmd.log
MpiDefault=none
ReturnToService=2
SchedulerParameters=sched_interval=1,sched_min_interval=0,bf_interval=1,batch_sched_delay=0
MinJobAge=300
KillWait=30
NodeName=$HOST NodeAddr=127.0.0.1 CPUs=16 RealMemory=16384 State=UNKNOWN
PartitionName=weft Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF

mkdir -p /etc/slurm /var/lib/weft-slurm/state /var/lib/weft-slurm/spool
if ! cmp -s "$WORK/slurm.conf" /etc/slurm/slurm.conf; then
  cp "$WORK/slurm.conf" /etc/slurm/slurm.conf
  for daemon in slurmd slurmctld; do
    if [ -s "/run/weft-$daemon.pid" ]; then kill "$(cat "/run/weft-$daemon.pid")" 2> /dev/null || true; fi
  done
  while pgrep -x slurmd > /dev/null || pgrep -x slurmctld > /dev/null; do sleep 0.2; done
fi

pgrep -x slurmctld > /dev/null || slurmctld
pgrep -x slurmd > /dev/null || slurmd

tries=0
until sinfo --noheader --format=%t 2> /dev/null | grep -qE '^(idle|mix|alloc)$'; do
  tries=$((tries + 1))
  [ "$tries" -lt 120 ] || { echo "the node does not come up: $(sinfo 2>&1)" >&2; tail -n 20 /var/log/weft-slurmd.log >&2; exit 1; }
  # A host that was restarted is taken for one that broke down.
  scontrol update "nodename=$HOST" state=resume > /dev/null 2>&1 || true
  sleep 0.5
done
