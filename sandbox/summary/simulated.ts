/** What is not what it is on Google Cloud, each with what stands in for it. The README's table is this one. */
export const SIMULATED: readonly (readonly [what: string, standIn: string])[] = [
    ["Google Cloud's API", "a ledger on this machine that knows the types the stack uses, what they require and what replaces them"],
    ["GPUs and their drivers", "nodes advertise nvidia.com/gpu; the trainer and the service run on the CPU"],
    ["Machine types", "nodes show the vCPUs and memory of their type; they share this machine's"],
    ["Load balancers, DNS, certificates", "a forwarder on 127.0.0.1 for each Service, to its ready pods"],
    ["Cloud NAT, private networks, NetworkPolicy", "recorded, not enforced"],
    ["IAM", "recorded, not enforced; pods get no Google token"],
    ["Persistent disks and Cloud Storage", "folders on this machine"],
];
