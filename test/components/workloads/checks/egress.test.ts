import type { RawConfig } from "../../../../components/config/handed-over";
import { refuses } from "../../refusals";

const EGRESS = "ml-platform:training.egress";
const KEY = "training.egress[0]";

const to = (destination: object): RawConfig => ({ [EGRESS]: [destination] });
const set = (field: string, value: string) => `pulumi config set --path 'ml-platform:${KEY}.${field}' ${value}`;

/** A refused destination, its only problem with the remedy, and an accepted destination. */
const refusal = (title: string, broken: object, field: string, problem: string, remedy: string, repair: object) => ({
    title,
    edits: to(broken),
    problems: [`${KEY}${field}: ${problem}`],
    remedies: [remedy],
    repair: to(repair),
});

const badHost = (host: string) => `${host} must be a host name such as huggingface.co or *.example.com, without a scheme, port or path`;
const badRange = (cidr: string) => `${cidr} must be an IPv4 range such as 10.20.0.0/16, or 10.20.0.5/32 for one address`;

describe("checks of egress", () => {
    refuses([
        refusal(
            "an address in the place of a host",
            { host: "HTTPS://Tracker.example.com:5000/api" },
            ".host",
            badHost("HTTPS://Tracker.example.com:5000/api"),
            `${set("host", "tracker.example.com")} && ${set("ports[0]", "5000")}`,
            { host: "tracker.example.com", ports: [5000] },
        ),
        refusal(
            "a host in capitals",
            { host: "Tracker.example.com" },
            ".host",
            badHost("Tracker.example.com"),
            set("host", "tracker.example.com"),
            { host: "tracker.example.com" },
        ),
        refusal(
            "an IP address in the place of a host",
            { host: "10.20.0.5" },
            ".host",
            badHost("10.20.0.5"),
            "Replace host with cidr: 10.20.0.5/32.",
            { cidr: "10.20.0.5/32" },
        ),
        refusal(
            "an IP address that does not exist",
            { host: "300.20.0.5" },
            ".host",
            badHost("300.20.0.5"),
            "Name a host outside the cluster, or set namespace or cidr instead.",
            { cidr: "30.20.0.5/32" },
        ),
        refusal(
            "a host without a domain",
            { host: "tracker" },
            ".host",
            badHost("tracker"),
            "Name a host outside the cluster, or set namespace or cidr instead.",
            { namespace: "tracker" },
        ),
        refusal(
            "a Service of the cluster as a host",
            { host: "mlflow.tracking.svc.cluster.local" },
            ".host",
            "mlflow.tracking.svc.cluster.local is a Service of this cluster, and a host policy does not apply to Services",
            "Replace host with namespace: tracking, with the port that the pods of the Service listen on.",
            { namespace: "tracking" },
        ),
        refusal("an address without a prefix length", { cidr: "10.20.0.5" }, ".cidr", badRange("10.20.0.5"), set("cidr", "10.20.0.5/32"), {
            cidr: "10.20.0.5/32",
        }),
        refusal(
            "a range that is no range",
            { cidr: "10.20.0.0/33" },
            ".cidr",
            badRange("10.20.0.0/33"),
            "Write an address and a prefix length.",
            { cidr: "10.20.0.0/16" },
        ),
        refusal(
            "a range that does not begin with its first address",
            { cidr: "10.20.0.5/16" },
            ".cidr",
            "10.20.0.5/16 is not the first address of its range",
            set("cidr", "10.20.0.0/16"),
            { cidr: "10.20.0.0/16" },
        ),
        refusal(
            "the address of the metadata server",
            { cidr: "169.254.169.254/32" },
            ".cidr",
            "169.254.169.254/32 is link-local: pods reach the metadata server without it",
            "pulumi config rm --path 'ml-platform:training.egress[0]'",
            { cidr: "10.20.0.0/16" },
        ),
        refusal(
            "a namespace in capitals",
            { namespace: "Tracking" },
            ".namespace",
            "Tracking is not the name of a namespace",
            set("namespace", "tracking"),
            { namespace: "tracking" },
        ),
        refusal(
            "a namespace that is no name",
            { namespace: "tracking/mlflow" },
            ".namespace",
            "tracking/mlflow is not the name of a namespace",
            "Name one that kubectl get namespaces lists.",
            { namespace: "tracking" },
        ),
        refusal(
            "labels without a namespace",
            { cidr: "10.20.0.0/16", labels: { app: "redis" } },
            ".labels",
            "selects pods, but the destination names no namespace",
            "pulumi config rm --path 'ml-platform:training.egress[0].labels'",
            { cidr: "10.20.0.0/16" },
        ),
    ]);
});
