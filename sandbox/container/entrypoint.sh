#!/bin/sh
# Starts the relay of the sandbox's container, or runs the given command.
set -eu

# In cgroup v2, a cgroup that contains processes cannot enable controllers for its children, which kubelet needs. So its processes move into a child.
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
