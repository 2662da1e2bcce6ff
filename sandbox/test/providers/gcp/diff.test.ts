import { expect } from "chai";
import { diffInputs } from "../../../providers/gcp/diff";
import { formatPath } from "../../../providers/property-path";
import { type Properties, UNKNOWN } from "../../../providers/property-values";

const CLUSTER = "gcp:container/cluster:Cluster";
const NODE_POOL = "gcp:container/nodePool:NodePool";
const REPOSITORY = "gcp:artifactregistry/repository:Repository";

/** The changes, one per line, such as `update! nodeConfig.spot`. The exclamation mark means that the change replaces the resource. */
function changes(type: string, olds: Properties, news: Properties): string[] {
    return diffInputs(type, olds, news).changes.map(({ kind, replaces, path }) => `${kind}${replaces ? "!" : ""} ${formatPath(path)}`);
}

const taint = { key: "nvidia.com/gpu", value: "present", effect: "NO_SCHEDULE" };

describe("diffInputs", () => {
    const table: readonly (readonly [why: string, type: string, olds: Properties, news: Properties, expected: readonly string[]])[] = [
        [
            "equal inputs",
            NODE_POOL,
            { cluster: "c", nodeConfig: { taints: [taint] } },
            { cluster: "c", nodeConfig: { taints: [{ ...taint }] } },
            [],
        ],
        [
            "a change in place",
            NODE_POOL,
            { autoscaling: { maxNodeCount: 1 } },
            { autoscaling: { maxNodeCount: 2 } },
            ["update autoscaling.maxNodeCount"],
        ],
        ["a change that replaces", NODE_POOL, { nodeConfig: { spot: false } }, { nodeConfig: { spot: true } }, ["update! nodeConfig.spot"]],
        ["an added property", CLUSTER, {}, { minMasterVersion: "1.36" }, ["add minMasterVersion"]],
        ["a removed property", CLUSTER, { description: "x" }, {}, ["delete! description"]],
        ["a null like a missing property", CLUSTER, { description: null }, {}, []],
        [
            "a label of a map",
            REPOSITORY,
            { labels: { "a.b": "1" } },
            { labels: { "a.b": "2", c: "3" } },
            ['update labels["a.b"]', "add labels.c"],
        ],
        ["an empty map like a missing one", REPOSITORY, { labels: {} }, {}, []],
        ["an empty list like a missing one", NODE_POOL, {}, { nodeLocations: [] }, []],
        [
            "an empty object unlike a missing one",
            CLUSTER,
            {},
            { masterAuthorizedNetworksConfig: {} },
            ["add masterAuthorizedNetworksConfig"],
        ],
        ["an element of a list", NODE_POOL, { nodeLocations: ["a", "b"] }, { nodeLocations: ["a", "c"] }, ["update nodeLocations[1]"]],
        [
            "a shorter list",
            NODE_POOL,
            { nodeConfig: { taints: [taint, taint] } },
            { nodeConfig: { taints: [taint] } },
            ["delete nodeConfig.taints[1]"],
        ],
        [
            "a field of an object in a list",
            NODE_POOL,
            { nodeConfig: { guestAccelerators: [{ type: "nvidia-l4", count: 1 }] } },
            { nodeConfig: { guestAccelerators: [{ type: "nvidia-l4", count: 2 }] } },
            ["update! nodeConfig.guestAccelerators[0].count"],
        ],
        [
            "a list with elements that replace",
            NODE_POOL,
            { nodeConfig: { oauthScopes: ["a"] } },
            { nodeConfig: { oauthScopes: ["a", "b"] } },
            ["add! nodeConfig.oauthScopes[1]"],
        ],
        [
            "an added object with a field that replaces",
            CLUSTER,
            {},
            { masterAuth: { clientCertificateConfig: { issueClientCertificate: false } } },
            ["add! masterAuth"],
        ],
        ["an added object without such a field", CLUSTER, {}, { releaseChannel: { channel: "REGULAR" } }, ["add releaseChannel"]],
        ["an unknown value", NODE_POOL, { cluster: "c" }, { cluster: UNKNOWN }, ["update! cluster"]],
        [
            "an unknown object with a field that replaces",
            CLUSTER,
            { masterAuth: { clientCertificateConfig: {} } },
            { masterAuth: UNKNOWN },
            ["update! masterAuth"],
        ],
        ["inputs without the property for defaults", CLUSTER, { __defaults: ["name"] }, { __defaults: [] }, []],
    ];
    for (const [why, type, olds, news, expected] of table) {
        it(`compares ${why}`, () => {
            expect(changes(type, olds, news)).to.deep.equal(expected);
        });
    }

    it("deletes first if the program set the same name for both", () => {
        const olds = { name: "ml", location: "us-central1", __defaults: [] };
        const replaced = { ...olds, location: "us-east1" };
        expect(diffInputs(CLUSTER, olds, replaced).deleteBeforeReplace).to.equal(true);
    });

    for (const [why, olds, news] of [
        ["nothing is replaced", { name: "ml" }, { name: "ml", minMasterVersion: "1" }],
        ["the name was generated", { name: "ml-1", location: "a" }, { name: "ml-1", location: "b", __defaults: ["name"] }],
        ["the name changes", { name: "a" }, { name: "b" }],
    ] as const) {
        it(`does not delete first if ${why}`, () => {
            expect(diffInputs(CLUSTER, olds, news).deleteBeforeReplace).to.equal(false);
        });
    }

    it("does not delete first for types without generated names, as the official provider does", () => {
        const olds = { repositoryId: "r", location: "a" };
        expect(diffInputs(REPOSITORY, olds, { ...olds, location: "b" }).deleteBeforeReplace).to.equal(false);
    });
});
