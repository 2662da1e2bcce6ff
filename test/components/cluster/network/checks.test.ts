import { refuses } from "../../refusals";

const NETWORK = "ml-platform:cluster.network";

describe("checks of the network", () => {
    refuses([
        {
            title: "ranges that overlap",
            edits: { [`${NETWORK}.services`]: "10.4.0.0/20" },
            problems: ["cluster.network.services: 10.4.0.0/20 overlaps pods, 10.4.0.0/14"],
            remedies: ["Choose ranges that do not overlap"],
            repair: { [`${NETWORK}.services`]: "10.3.240.0/20" },
        },
        {
            title: "the whole internet as a range",
            edits: { [`${NETWORK}.nodes`]: "0.0.0.0/0" },
            problems: ["cluster.network.nodes: 0.0.0.0/0 is not a range that Google Cloud allows in a network"],
            remedies: ["Choose a private range such as 10.0.0.0/20"],
            repair: { [`${NETWORK}.nodes`]: "10.0.0.0/20" },
        },
        {
            title: "a range of loopback addresses",
            edits: { [`${NETWORK}.pods`]: "127.0.0.0/9" },
            problems: ["cluster.network.pods: 127.0.0.0/9 is not a range that Google Cloud allows in a network"],
            remedies: ["Choose a private range such as 10.0.0.0/20"],
            repair: { [`${NETWORK}.pods`]: "10.128.0.0/9" },
        },
        {
            title: "a control plane range other than a /28",
            edits: { [`${NETWORK}.controlPlane`]: "172.16.0.0/24" },
            problems: ["cluster.network.controlPlane: 172.16.0.0/24 is a /24, but GKE requires a /28"],
            remedies: ["pulumi config set --path 'ml-platform:cluster.network.controlPlane' 172.16.0.0/28"],
            repair: { [`${NETWORK}.controlPlane`]: "172.16.0.16/28" },
        },
        {
            title: "a range that starts in the middle",
            edits: { [`${NETWORK}.nodes`]: "10.0.0.5/20" },
            problems: ["cluster.network.nodes: 10.0.0.5/20 does not start at its first address"],
            remedies: ["pulumi config set --path 'ml-platform:cluster.network.nodes' 10.0.0.0/20"],
            repair: { [`${NETWORK}.nodes`]: "10.0.0.0/20" },
        },
        {
            // 3 nodes of the system pool, 4 and 2 of the GPU pools.
            title: "too few addresses for the nodes",
            edits: { [`${NETWORK}.nodes`]: "10.0.0.0/29" },
            problems: ["cluster.network.nodes: 10.0.0.0/29 is too small: the pools have up to 9 nodes"],
            remedies: ["Choose a range of /28 or larger"],
            repair: { [`${NETWORK}.nodes`]: "10.0.0.0/28" },
        },
        {
            title: "too few addresses for the pods",
            edits: { [`${NETWORK}.pods`]: "10.4.0.0/21" },
            problems: ["cluster.network.pods: 10.4.0.0/21 is too small: the pools have up to 9 nodes, and each uses a /24"],
            remedies: ["Choose a range of /20 or larger"],
            repair: { [`${NETWORK}.pods`]: "10.4.0.0/20" },
        },
        {
            title: "too few addresses for the Services",
            edits: { [`${NETWORK}.services`]: "10.8.0.0/28" },
            problems: ["cluster.network.services: 10.8.0.0/28 is too small: GKE requires a /27 or larger"],
            remedies: ["Choose a range of /27 or larger"],
            repair: { [`${NETWORK}.services`]: "10.8.0.0/27" },
        },
    ]);
});
