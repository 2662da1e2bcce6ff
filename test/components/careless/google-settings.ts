import * as fc from "fast-check";
import type { RawConfig } from "../../../components/config/handed-over";
import { awkwardStacks, type NamedStack } from "./awkward-names";
import { carelessStacks } from "./edits";

const DIGEST = `sha256:${"0".repeat(64)}`;
/** Promoted images, because builds take most of the time of a run and call no API. */
export const PROMOTED = {
    from: "release",
    variant: "cpu",
    release: { variant: "cpu", inference: `inference@${DIGEST}`, training: `training@${DIGEST}`, worker: `worker@${DIGEST}` },
};
const KEY = "projects/team-ml/locations/us-central1/keyRings/ml/cryptoKeys/images";
const GITHUB = { owner: "my-organization", name: "ml-platform" };
const REMOTE = { name: "github", remoteUri: "https://github.com/my-organization/ml-platform.git" };
const OFFICE = [{ name: "office", cidr: "203.0.113.0/24" }];

/** Settings that reach Google's APIs, with values other than their defaults, by section. `*` means each element of a list. */
const SETTINGS: readonly (readonly [section: string, path: readonly string[], values: readonly unknown[]])[] = [
    ["registry", ["repository"], ["a", "ml", `${"r".repeat(62)}1`]],
    ["registry", ["location"], ["us", "europe", "asia", "us-central1", "europe-west4"]],
    ["registry", ["deleteUntaggedAfterDays"], [1, 30, 3652500]],
    ["registry", ["deleteCacheAfterDays"], [1, 365]],
    ["registry", ["cleanupDryRun"], [true]],
    ["registry", ["immutableTags"], [true]],
    ["registry", ["scanning"], [false]],
    ["registry", ["kmsKey"], [KEY]],
    ["registry", ["dockerHubProxy"], [true]],
    ["registry", ["readers"], [["user:ann@example.com"], ["group:ml@example.com", "domain:example.com"], ["allUsers"]]],
    ["registry", ["writers"], [["user:ann@example.com"]]],
    ["registry", ["consumers"], [["team-prod"], ["team-prod", "123456789012"]]],
    ["build", [], [{ github: GITHUB }, { github: GITHUB, approval: true, timeoutSeconds: 86400, tags: "^v.*$", branches: "^main$" }]],
    ["build", [], [{ connection: REMOTE, machineType: "E2_HIGHCPU_32", includedFiles: ["docker/**"] }]],
    [
        "build",
        [],
        [{ connection: { ...REMOTE, github: { appInstallationId: 1, tokenSecretVersion: "projects/team-ml/secrets/github/versions/1" } } }],
    ],
    ["cluster", ["name"], ["a", "ml-1", "c".repeat(40)]],
    ["cluster", ["endpoint"], ["ip"]],
    ["cluster", ["publicEndpoint"], [true]],
    ["cluster", ["authorizedNetworks"], [OFFICE]],
    [
        "cluster",
        ["network"],
        [{ nodes: "10.128.0.0/24" }, { pods: "10.64.0.0/12", services: "10.96.0.0/16" }, { controlPlane: "10.255.0.0/28" }],
    ],
    ["cluster", ["releaseChannel"], ["RAPID", "STABLE", "EXTENDED"]],
    ["cluster", ["maintenance"], [{}, { hours: 4 }, { hours: 24, recurrence: "FREQ=DAILY" }]],
    ["cluster", ["maintenance"], [{ exclusions: [{ name: "launch", start: "2027-01-01T00:00:00Z", end: "2027-01-10T00:00:00Z" }] }]],
    ["cluster", ["deletionProtection"], [true]],
    [
        "cluster",
        ["systemPool"],
        [{ machineType: "n2-standard-8" }, { minNodes: 2, maxNodes: 9 }, { spot: true }, { machineType: "t2a-standard-4" }],
    ],
    ["cluster", ["secretManager"], [true, false]],
    ["cluster", ["queues"], [true]],
    ["cluster", ["pools", "*", "driver"], ["default", "disabled"]],
    ["cluster", ["pools", "*", "diskSizeGb"], [10, 50, 500, 65536]],
    ["cluster", ["pools", "*", "localSsds"], [0, 1, 2, 4, 8, 16, 24, 32]],
    ["cluster", ["pools", "*", "compactPlacement"], [true]],
    ["cluster", ["pools", "*", "secondaryBootDisk"], ["projects/team-ml/global/images/models"]],
    [
        "cluster",
        ["pools", "*", "upgrade"],
        [{ strategy: "blue-green" }, { maxSurge: 1, maxUnavailable: 0 }, { maxSurge: 20, maxUnavailable: 20 }],
    ],
    [
        "cluster",
        ["pools", "*", "capacity"],
        [
            ["on-demand", "spot"],
            ["flex-start", "spot"],
            [{ reservation: "team" }, "on-demand", "spot"],
        ],
    ],
    ["cluster", ["pools", "*", "sharing"], [{ strategy: "mps", clients: 2 }]],
    ["inference", ["services", "*", "public"], [{ host: "predict.example.com" }, { host: "a.example.com", paths: ["/v1/*"] }]],
    ["inference", ["services", "*", "model"], [{ bucket: "team-models" }]],
    ["inference", ["services", "*", "volumes"], [[{ bucket: "team-files", path: "/files", readOnly: false }]]],
    ["inference", ["services", "*", "secrets"], [[{ secret: "hub", version: "1", variable: "TOKEN" }]]],
    ["inference", ["services", "*", "secrets"], [[{ secret: "projects/other-project/secrets/hub", version: "latest", file: "hub" }]]],
    ["workers", ["workers", "*", "model"], [{ bucket: "team-models" }]],
    ["training", ["checkpoints"], [{ bucket: "team-checkpoints", create: true }, { bucket: "team-checkpoints" }]],
    ["training", ["data"], [{ bucket: "team-data" }]],
    ["training", ["secrets"], [[{ secret: "hub", version: "1", variable: "TOKEN" }]]],
];

type Json = Record<string, unknown>;

function withValue(value: unknown, [key, ...rest]: readonly string[], given: unknown): unknown {
    if (key === undefined) {
        return given;
    }
    if (key === "*") {
        return Array.isArray(value) ? value.map((one) => withValue(one, rest, given)) : value;
    }
    const object = typeof value === "object" && value !== null ? (value as Json) : {};
    return { ...object, [key]: withValue(object[key], rest, given) };
}

const changes = fc.array(
    fc.constantFrom(...SETTINGS).chain(([section, path, values]) => fc.constantFrom(...values).map((value) => ({ section, path, value }))),
    { maxLength: 6 },
);

/** Stacks with promoted images, awkward names or careless edits, and settings of Google Cloud. The checks refuse some of them. */
export const googleStacks: fc.Arbitrary<NamedStack> = fc
    .tuple(
        fc.oneof(
            awkwardStacks,
            carelessStacks.map((raw) => ({ stack: "dev", raw })),
        ),
        changes,
    )
    .map(([{ stack, raw }, made]) => {
        const config: RawConfig = { ...raw, "ml-platform:images": PROMOTED };
        return {
            stack,
            raw: made.reduce<RawConfig>((all, { section, path, value }) => {
                const key = `ml-platform:${section}`;
                return { ...all, [key]: withValue(all[key], path, value) };
            }, config),
        };
    });
