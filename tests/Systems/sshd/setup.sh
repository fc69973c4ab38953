#!/bin/sh
# Makes this machine ready to be several 'hosts' by SSH, for the tests of category System: installs what is missing and
# adds the users weft-a, weft-b and weft-c, each of which is one host. May be run again at any time. No service is
# started: each run of the tests starts an sshd of its own, on a port of its own.
set -eu

export DEBIAN_FRONTEND=noninteractive

missing=
[ -x /usr/sbin/sshd ] || missing="$missing openssh-server"
command -v ssh > /dev/null || missing="$missing openssh-client"
command -v rsync > /dev/null || missing="$missing rsync"
command -v ip > /dev/null || missing="$missing iproute2"
[ -x /bin/busybox ] || missing="$missing busybox-static"
if [ -n "$missing" ]; then
  apt-get update -qq
  # shellcheck disable=SC2086
  apt-get install -y -qq --no-install-recommends $missing > /dev/null
fi

for user in weft-a weft-b weft-c; do
  id "$user" > /dev/null 2>&1 || useradd -m -s /bin/sh "$user"
  # No password fits, but the account is not locked: sshd lets nobody in to a locked one.
  usermod -p '*' "$user"
done

# Where sshd drops its privileges; the system's own service would make it.
mkdir -p -m 0755 /run/sshd
