import { config, expect } from "chai";
import * as fc from "fast-check";
import { ConfigError, parseConfig } from "../../components/config/load";
import { GOOGLE_NAMES, KUBERNETES_NAMES } from "../../gke/names";
import { awkwardStacks, type NamedStack } from "./careless/awkward-names";
import { planned, type Planned } from "./planned";

// A failure lists every name.
config.truncateThreshold = 0;

/** Number of accepted stacks to render. A thousand take minutes: `CARELESS_STACKS=1000 npx mocha --no-config --require tsx/cjs --timeout 3600000 test/components/planned-names.test.ts`. */
const STACKS = Number(process.env.CARELESS_STACKS ?? 5);

/** Property with the name of a Google Cloud object, and the form of valid names, by the beginning of the type. */
const GOOGLE: Readonly<Record<string, readonly [property: string, pattern: RegExp]>> = {
    "gcp:serviceaccount/account:Account": ["accountId", GOOGLE_NAMES.serviceAccount],
    "gcp:container/cluster:Cluster": ["name", GOOGLE_NAMES.cluster],
    "gcp:container/nodePool:NodePool": ["name", GOOGLE_NAMES.nodePool],
    "gcp:compute/": ["name", GOOGLE_NAMES.computeResource],
    "gcp:storage/bucket:Bucket": ["name", GOOGLE_NAMES.bucket],
    "gcp:artifactregistry/repository:Repository": ["repositoryId", GOOGLE_NAMES.repository],
    "gcp:certificatemanager/": ["name", GOOGLE_NAMES.certificate],
    "gcp:cloudbuild/trigger:Trigger": ["name", GOOGLE_NAMES.buildTrigger],
};

/** Grants and DNS records have no name. */
const NAMELESS = /IAM(Member|Binding)$|^gcp:(projects|dns)\//i;

/** Names that Kubernetes accepts, by kind; names of other kinds are subdomains. */
const KUBERNETES: readonly (readonly [type: RegExp, pattern: RegExp])[] = [
    [/:Service$/, KUBERNETES_NAMES.service],
    [/:(Namespace|Job|Deployment|StatefulSet|ComputeClass)$/, KUBERNETES_NAMES.dnsLabel],
];

interface Metadata {
    readonly name?: string;
    readonly namespace?: string;
}

const problemsOfNames = (resources: readonly Planned[]): readonly string[] => [
    ...resources.flatMap(nameProblems),
    ...resources.flatMap(({ type, name, inputs }) =>
        type.startsWith("kubernetes:") ? partProblems(inputs).map((problem) => `${type} ${name}: ${problem}`) : [],
    ),
    ...repeated(resources.flatMap(identity)),
];

function nameProblems({ type, name, inputs }: Planned): readonly string[] {
    if (type.startsWith("kubernetes:")) {
        const { name: own = "", namespace } = inputs.metadata as Metadata;
        const [, pattern = KUBERNETES_NAMES.subdomain] = KUBERNETES.find(([kind]) => kind.test(type)) ?? [];
        return [
            ...(pattern.test(own) ? [] : [`${type} ${name} is named ${own}`]),
            ...(namespace === undefined || KUBERNETES_NAMES.dnsLabel.test(namespace) ? [] : [`${type} ${name} is in ${namespace}`]),
        ];
    }
    if (!type.startsWith("gcp:") || NAMELESS.test(type)) {
        return [];
    }
    const [, rule] = Object.entries(GOOGLE).find(([prefix]) => type.startsWith(prefix)) ?? [];
    const own = text(inputs[rule?.[0] ?? "name"]);
    return rule?.[1].test(own) === true ? [] : [rule === undefined ? `${type} has no rule` : `${type} ${name} is named ${own}`];
}

const text = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

/** The identity of an object, which no two objects may share. */
function identity({ type, inputs }: Planned): readonly string[] {
    if (type.startsWith("kubernetes:")) {
        const { name, namespace = "" } = inputs.metadata as Metadata;
        return [`${type} ${namespace}/${name}`];
    }
    const [, rule] = Object.entries(GOOGLE).find(([prefix]) => type.startsWith(prefix)) ?? [];
    const place = ["project", "location", "region", "zone", "cluster", "map"].map((property) => JSON.stringify(inputs[property] ?? ""));
    return rule === undefined ? [] : [`${type} ${place.join(" ")} ${text(inputs[rule[0]])}`];
}

const repeated = (names: readonly string[]): readonly string[] =>
    names.filter((name, index) => names.indexOf(name) !== index).map((name) => `${name} is there twice`);

/** Problems with the names of labels, containers, volumes and ports anywhere in an object. */
function partProblems(value: unknown): readonly string[] {
    if (typeof value !== "object" || value === null) {
        return [];
    }
    return Object.entries(value).flatMap(([key, inner]): readonly string[] => {
        const list = (Array.isArray(inner) ? inner : []) as readonly { readonly name?: unknown }[];
        const names = list.map(({ name }) => name).filter((name): name is string => typeof name === "string");
        const own: readonly string[] = /^(labels|matchLabels|nodeSelector)$/.test(key)
            ? Object.entries(inner as object).flatMap(([label, text]) => (isLabel(label, text) ? [] : [`label ${label}=${text}`]))
            : /^(containers|initContainers|volumes)$/.test(key)
              ? [...names.filter((name) => !KUBERNETES_NAMES.dnsLabel.test(name)).map((name) => `${key} has ${name}`), ...repeated(names)]
              : key === "ports"
                ? names.filter((name) => !KUBERNETES_NAMES.port.test(name)).map((name) => `port ${name}`)
                : [];
        return [...own, ...partProblems(inner)];
    });
}

const isLabel = (key: string, value: unknown): boolean => {
    const [, prefix, name = ""] = /^(?:(.*)\/)?([^/]*)$/.exec(key) ?? [];
    const isKey = KUBERNETES_NAMES.label.test(name) && (prefix === undefined || KUBERNETES_NAMES.subdomain.test(prefix));
    return isKey && typeof value === "string" && (value === "" || KUBERNETES_NAMES.label.test(value));
};

function isAccepted({ stack, raw }: NamedStack): boolean {
    try {
        parseConfig(raw, stack);
        return true;
    } catch (error) {
        if (error instanceof ConfigError) {
            return false;
        }
        throw error;
    }
}

describe("the plan of an accepted stack", function () {
    this.timeout(Math.max(120_000, STACKS * 20_000)); // a second for each stack, and several seconds on a busy machine

    it(`has names that Google Cloud and Kubernetes accept, each once (${STACKS} stacks)`, async () => {
        // One after another, because runs of the program share Pulumi's runtime.
        await fc.assert(
            fc.asyncProperty(awkwardStacks, async ({ stack, raw }) => {
                fc.pre(isAccepted({ stack, raw }));
                expect(problemsOfNames(await planned(stack, raw)).join("\n")).to.equal("");
            }),
            { numRuns: STACKS, seed: 12, endOnFailure: true, maxSkipsPerRun: 1000 },
        );
    });

    it("rejects names that are too long, invalid or duplicate", () => {
        const service = (name: string): Planned => ({
            type: "kubernetes:core/v1:Service",
            name,
            inputs: { metadata: { name, namespace: "n" } },
        });
        const account = (accountId: string): Planned => ({
            type: "gcp:serviceaccount/account:Account",
            name: "a",
            inputs: { accountId, project: "p" },
        });
        expect(problemsOfNames([service("ok"), account("build-images-dev")])).to.deep.equal([]);
        expect(problemsOfNames([service("1st")])).to.deep.equal(["kubernetes:core/v1:Service 1st is named 1st"]);
        expect(problemsOfNames([service("a"), service("a")])).to.deep.equal(["kubernetes:core/v1:Service n/a is there twice"]);
        expect(problemsOfNames([account("a")])).to.deep.equal(["gcp:serviceaccount/account:Account a is named a"]);
        expect(problemsOfNames([{ type: "gcp:new/thing:Thing", name: "t", inputs: {} }])).to.deep.equal([
            "gcp:new/thing:Thing has no rule",
        ]);
        const labelled = { ...service("b"), inputs: { metadata: { name: "b", labels: { "a/b": "x".repeat(64) } } } };
        expect(problemsOfNames([labelled])).to.deep.equal([`kubernetes:core/v1:Service b: label a/b=${"x".repeat(64)}`]);
    });
});
