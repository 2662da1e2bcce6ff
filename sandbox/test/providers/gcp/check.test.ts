import { expect } from "chai";
import { checkInputs } from "../../../providers/gcp/check";
import { type Properties, UNKNOWN } from "../../../providers/property-values";
import type { Checked } from "../../../providers/provider";

const CLUSTER = "gcp:container/cluster:Cluster";
const NODE_POOL = "gcp:container/nodePool:NodePool";
const NETWORK = "gcp:compute/network:Network";

function check(
    type: string,
    inputs: Properties,
    other: { name?: string; oldInputs?: Properties; seed?: number; config?: object } = {},
): Checked {
    const { name = "ml", oldInputs, seed = 1, config = { project: "p", region: "us-central1" } } = other;
    return checkInputs({ urn: "urn", type, name, inputs, oldInputs, randomSeed: new Uint8Array([seed]) }, config);
}

/** Problems of the inputs, as `property: reason`. */
function problems(type: string, inputs: Properties, other?: Parameters<typeof check>[2]): string[] {
    return check(type, inputs, other).failures.map(({ property, reason }) => `${property}: ${reason}`);
}

describe("checkInputs", () => {
    it("fills in project, location and a generated name, and returns which properties it filled in", () => {
        const { inputs, failures } = check(CLUSTER, { initialNodeCount: 1 });
        expect(failures).to.deep.equal([]);
        expect(inputs).to.deep.equal({
            initialNodeCount: 1,
            project: "p",
            location: "us-central1",
            name: inputs.name,
            __defaults: ["location", "name", "project"],
        });
        expect(inputs.name).to.match(/^ml-[0-9a-f]{7}$/);
    });

    it("uses the provider's zone as the location of a cluster, but not as a region", () => {
        const config = { project: "p", region: "us-central1", zone: "us-central1-a" };
        expect(check(CLUSTER, {}, { config }).inputs.location).to.equal("us-central1-a");
        expect(check("gcp:compute/router:Router", { network: "n" }, { config }).inputs.region).to.equal("us-central1");
    });

    it("keeps the values that the program sets", () => {
        const given = { project: "other", location: "europe-west4", name: "mine" };
        expect(check(CLUSTER, given).inputs).to.deep.equal({ ...given, __defaults: [] });
    });

    it("generates the same name from the same seed, and another name from another seed", () => {
        const name = (seed: number) => check(NETWORK, {}, { seed }).inputs.name;
        expect(name(1)).to.equal(name(1));
        expect(name(1)).not.to.equal(name(2));
    });

    it("generates names in lower case, and without hyphens for types that do not allow them", () => {
        expect(check(NETWORK, {}, { name: "ML-Net" }).inputs.name).to.match(/^ml-net-[0-9a-f]{7}$/);
        const role = check("gcp:projects/iAMCustomRole:IAMCustomRole", { title: "t", permissions: [] }, { name: "ml-role" });
        expect([role.failures, role.inputs.roleId]).to.satisfy(
            ([failures, id]: [unknown[], string]) => failures.length === 0 && /^mlrole[0-9a-f]{7}$/.test(id),
        );
    });

    it("keeps a generated name when other inputs change, and generates one when the program removes its own", () => {
        const generated = check(NETWORK, {}, { oldInputs: { name: "ml-0000000", __defaults: ["name"] } }).inputs.name;
        const given = check(NETWORK, {}, { oldInputs: { name: "mine", __defaults: [] } }).inputs.name;
        expect(generated).to.equal("ml-0000000");
        expect(given).to.match(/^ml-[0-9a-f]{7}$/);
    });

    it("applies the defaults of the schema", () => {
        expect(check("gcp:dns/managedZone:ManagedZone", { dnsName: "a.b." }).inputs.description).to.equal("Managed by Pulumi");
    });

    it("accepts unknown values for any property, also for required ones", () => {
        const { inputs, failures } = check(NODE_POOL, {
            cluster: UNKNOWN,
            nodeConfig: { taints: UNKNOWN, spot: UNKNOWN },
            autoscaling: UNKNOWN,
        });
        expect(failures).to.deep.equal([]);
        expect(inputs.nodeConfig).to.deep.equal({ taints: UNKNOWN, spot: UNKNOWN });
    });

    it("removes null values", () => {
        expect(check(NODE_POOL, { cluster: "c", nodeConfig: { spot: null, labels: { a: null } } }).inputs.nodeConfig).to.deep.equal({
            labels: {},
        });
    });

    it("reports missing required properties", () => {
        expect(problems("gcp:artifactregistry/repository:Repository", {})).to.deep.equal([
            "format: missing required property: expected a string",
            "repositoryId: missing required property: expected a string",
        ]);
        const taints = [{ key: "a", value: "b" }];
        expect(problems(NODE_POOL, { cluster: "c", nodeConfig: { taints } })).to.deep.equal([
            "nodeConfig.taints[0].effect: missing required property: expected a string",
        ]);
    });

    it("reports unknown properties, with the nearest known one", () => {
        expect(problems(NODE_POOL, { cluster: "c", autoscaling: { maxNodes: 1 } })).to.deep.equal([
            "autoscaling.maxNodes: this property does not exist; the nearest is maxNodeCount",
        ]);
    });

    for (const [inputs, problem] of [
        [{ nodeCount: "3" }, 'nodeCount: expected a whole number, got the string "3"'],
        [{ nodeCount: 1.5 }, "nodeCount: expected a whole number, got the number 1.5"],
        [{ version: 1 }, "version: expected a string, got the number 1"],
        [{ nodeConfig: { spot: "yes" } }, 'nodeConfig.spot: expected true or false, got the string "yes"'],
        [{ nodeLocations: "us-central1-a" }, 'nodeLocations: expected a list of strings, got the string "us-central1-a"'],
        [{ nodeLocations: [1] }, "nodeLocations[0]: expected a string, got the number 1"],
        [{ nodeConfig: [] }, "nodeConfig: expected an object, got a list"],
        [{ nodeConfig: { labels: [] } }, "nodeConfig.labels: expected a map of strings, got a list"],
        [{ nodeConfig: { labels: { "a/b": true } } }, 'nodeConfig.labels["a/b"]: expected a string, got the boolean true'],
        [{ nodeConfig: { taints: {} } }, "nodeConfig.taints: expected a list of objects, got an object"],
    ] as const) {
        it(`refuses ${JSON.stringify(inputs)}`, () => {
            expect(problems(NODE_POOL, { cluster: "c", ...inputs })).to.deep.equal([problem]);
        });
    }

    it("reports every problem at once", () => {
        expect(problems(NODE_POOL, { nodeCount: "3", autoscale: {} })).to.have.length(3);
    });

    for (const [type, inputs, property] of [
        [CLUSTER, { name: "Ml" }, "name"],
        [CLUSTER, { name: "a".repeat(41) }, "name"],
        ["gcp:serviceaccount/account:Account", { accountId: "ml" }, "accountId"],
        ["gcp:storage/bucket:Bucket", { location: "US", name: "a_" }, "name"],
        ["gcp:artifactregistry/repository:Repository", { format: "DOCKER", repositoryId: "ml_images" }, "repositoryId"],
        ["gcp:iam/workloadIdentityPool:WorkloadIdentityPool", { workloadIdentityPoolId: "abc" }, "workloadIdentityPoolId"],
    ] as const) {
        it(`refuses the name in ${type} ${JSON.stringify(inputs)}`, () => {
            const [failure, ...more] = check(type, inputs).failures;
            expect([failure?.property, more]).to.deep.equal([property, []]);
            expect(failure?.reason).to.contain("is not a valid name: expected ");
        });
    }

    it("accepts names of the maximum length", () => {
        expect(problems(CLUSTER, { name: "a".repeat(40) })).to.deep.equal([]);
        expect(problems("gcp:serviceaccount/account:Account", { accountId: "a".repeat(30) })).to.deep.equal([]);
    });

    it("explains how to set a project if none is set", () => {
        expect(problems(NETWORK, {}, { config: {} })).to.deep.equal([
            "project: no project is set: `pulumi config set gcp:project <project id>` sets one for the stack",
        ]);
    });

    it("refuses a type that the simulation does not have", () => {
        expect(problems("gcp:sql/databaseInstance:DatabaseInstance", {})).to.deep.equal([
            ": the simulated Google Cloud does not support the type gcp:sql/databaseInstance:DatabaseInstance",
        ]);
    });
});
