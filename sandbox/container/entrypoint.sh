#!/bin/sh
# Starts the sandbox's container, or whatever else it is told to run.
set -eu

# A cgroup of version 2 that has processes of its own cannot give controllers to those below, which kubelet needs: they move into one below.
# https://docs.kernel.org/admin-guide/cgroup-v2.html#no-internal-process-constraint
if [ -f /sys/fs/cgroup/cgroup.controllers ] && mkdir -p /sys/fs/cgroup/init 2> /dev/null; then
    while read -r pid; do
        echo "$pid" > /sys/fs/cgroup/init/cgroup.procs || true # kernel threads, and those that have ended
    done < /sys/fs/cgroup/cgroup.procs
fi

if [ $# -gt 0 ]; then
    exec "$@"
fi
exec node /opt/ml-platform-sandbox/relay.cjs "$SANDBOX_PORTS"
