/** What differs from Google Cloud, and what replaces it. The README has the same table. */
export const SIMULATED: readonly (readonly [what: string, standIn: string])[] = [
    ["Google Cloud's API", "a ledger on this machine that knows the types the stack uses, what they require and what replaces them"],
    ["GPUs and their drivers", "nodes advertise nvidia.com/gpu; the trainer and the service run on the CPU"],
    ["Machine types", "nodes show the vCPUs and memory of their type; they share this machine's"],
    ["Nodes beyond four, or beyond memory", "kwok: their pods report ready or completed, and no container runs (marked in sandbox:status)"],
    ["Least size of a node pool", "nodes come when pods need them, from none, and go after ten idle minutes"],
    ["Spot preemption", "only by npm run sandbox -- preempt <pool>"],
    ["Waits between a Job's pods", "5 s at most, not up to 10 minutes, where the control plane was compiled here"],
    ["Image streaming", "each new node pulls its images whole, from the registry on this machine"],
    ["Load balancers, DNS, certificates", "a forwarder on 127.0.0.1 for each Service, to its ready pods"],
    ["Gateway, Prometheus, compute classes", "their objects are kept, and nothing acts on them"],
    ["GPU metrics", "none: requests-in-flight scales a service, and gpu-duty-cycle leaves its pods as many as they are"],
    ["Cloud NAT, private networks, NetworkPolicy", "recorded, not enforced"],
    ["IAM", "recorded, not enforced: the sandbox's access token may do everything; pods get no Google token"],
    ["Registry's clean-up, scanning, keys", "recorded, not applied; nor are immutable tags"],
    ["Persistent disks", "folders on this machine"],
    ["Cloud Storage", "recorded; there is no GCS FUSE driver: a pod that mounts a bucket waits, so the sandbox's stack uses a claim"],
];
