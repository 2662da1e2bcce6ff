import { expect } from "chai";
import type { JsonObject } from "../../../../../cloud/json";
import { diffInputs } from "../../../../../providers/gcp/diff";
import { findMappedType } from "../../../../../providers/gcp/mapped/all";
import { UNKNOWN } from "../../../../../providers/property-values";
import { MappedProvider, refusal } from "../mapped-provider";

const token = (name: string): string => `gcp:compute/${name}:${name.replace(/^./, (first) => first.toUpperCase())}`;
const [NETWORK, SUBNETWORK, ROUTER, NAT] = ["network", "subnetwork", "router", "routerNat"].map(token) as [string, string, string, string];
const URL_OF = "https://www.googleapis.com/compute/v1/";
const REGION = { project: "p", region: "us-central1" };

/** Inputs of each type, as the stack or a program sets them. The first four types depend on each other. */
const INPUTS = {
    network: { project: "p", name: "net", autoCreateSubnetworks: false, routingMode: "REGIONAL" },
    subnetwork: {
        ...{ ...REGION, name: "sub", network: `${URL_OF}projects/p/global/networks/net`, ipCidrRange: "10.0.0.0/20" },
        secondaryIpRanges: [
            { rangeName: "pods", ipCidrRange: "10.4.0.0/14" },
            { rangeName: "services", ipCidrRange: "10.8.0.0/20" },
        ],
        privateIpGoogleAccess: true,
        logConfig: { aggregationInterval: "INTERVAL_10_MIN", flowSampling: 0.1, metadata: "INCLUDE_ALL_METADATA" },
    },
    router: { ...REGION, name: "router", network: "net", bgp: { asn: 64514 } },
    routerNat: {
        ...{ ...REGION, name: "nat", router: "router", natIpAllocateOption: "AUTO_ONLY" },
        sourceSubnetworkIpRangesToNat: "ALL_SUBNETWORKS_ALL_IP_RANGES",
        enableDynamicPortAllocation: true,
        enableEndpointIndependentMapping: false,
        logConfig: { enable: true, filter: "ERRORS_ONLY" },
    },
    firewall: { project: "p", name: "ssh", network: "net", allows: [{ protocol: "tcp", ports: ["22"] }], sourceRanges: ["10.0.0.0/8"] },
    address: { ...REGION, name: "address", labels: { team: "ml" } },
    globalAddress: { project: "p", name: "address", labels: { team: "ml" } },
    reservation: {
        ...{ project: "p", zone: "us-central1-a", name: "h100" },
        specificReservation: { count: 2, instanceProperties: { machineType: "a3-highgpu-8g" } },
    },
    resourcePolicy: { ...REGION, name: "near", groupPlacementPolicy: { collocation: "COLLOCATED", vmCount: 2 } },
} as const satisfies Readonly<Record<string, JsonObject>>;

const IDS: Readonly<Record<keyof typeof INPUTS, string>> = {
    network: "projects/p/global/networks/net",
    subnetwork: "projects/p/regions/us-central1/subnetworks/sub",
    router: "projects/p/regions/us-central1/routers/router",
    routerNat: "p/us-central1/router/nat",
    firewall: "projects/p/global/firewalls/ssh",
    address: "projects/p/regions/us-central1/addresses/address",
    globalAddress: "projects/p/global/addresses/address",
    reservation: "projects/p/zones/us-central1-a/reservations/h100",
    resourcePolicy: "projects/p/regions/us-central1/resourcePolicies/near",
};
const NAMES = Object.keys(INPUTS) as readonly (keyof typeof INPUTS)[];

/** Fields that Compute Engine fills in inside objects. An import reads them, and the next update ignores them. */
const FILLED_IN = ["logConfig.filterExpr", "bgp.advertiseMode", "bgp.keepaliveInterval", "specificReservation.inUseCount"];

describe("compute", () => {
    let gcp: MappedProvider;

    beforeEach(async () => {
        gcp = await MappedProvider.start();
    });

    afterEach(() => {
        gcp.stop();
    });

    async function createAll(): Promise<void> {
        for (const name of NAMES) {
            expect((await gcp.create(token(name), INPUTS[name])).id, name).to.equal(IDS[name]);
        }
    }

    it("creates, reads, imports and deletes each type without a difference", async () => {
        await createAll();
        for (const name of NAMES) {
            expect((await gcp.read(token(name), IDS[name], INPUTS[name]))?.inputs, name).to.deep.equal({ ...INPUTS[name], __defaults: [] });
            const imported = (await gcp.read(token(name), IDS[name]))?.inputs ?? {};
            const { changes } = diffInputs(token(name), imported, INPUTS[name]);
            expect(
                changes.map(({ path }) => path.join(".")).filter((path) => !FILLED_IN.includes(path)),
                name,
            ).to.deep.equal([]);
        }
        for (const name of [...NAMES].reverse()) {
            await gcp.delete(token(name), IDS[name], INPUTS[name]);
            expect(await gcp.read(token(name), IDS[name], INPUTS[name]), name).to.equal(undefined);
            await gcp.delete(token(name), IDS[name], INPUTS[name]);
        }
        expect(gcp.ledger.list()).to.deep.equal([]);
    });

    it("computes links of version 1, gateways and addresses", async () => {
        await createAll();
        const outputs = async (name: keyof typeof INPUTS) => (await gcp.read(token(name), IDS[name], INPUTS[name]))?.outputs ?? {};
        expect(await outputs("network")).to.include({ selfLink: `${URL_OF}${IDS.network}`, gatewayIpv4: "" });
        const { numericId, networkId } = await outputs("network");
        expect([numericId, networkId].map((id) => /^\d{19}$/.test(id as string))).to.deep.equal([true, true]);
        expect(await outputs("subnetwork")).to.include({ gatewayAddress: "10.0.0.1", selfLink: `${URL_OF}${IDS.subnetwork}` });
        expect((await outputs("address")).address).to.match(/^203\.0\.113\.\d+$/);
        expect((await outputs("globalAddress")).effectiveLabels).to.deep.equal({ "goog-pulumi-provisioned": "true", team: "ml" });
        expect(await outputs("reservation")).to.include({ status: "READY" });
    });

    const ranges = INPUTS.subnetwork.secondaryIpRanges;
    const others = [{ rangeName: "pods", ipCidrRange: "10.12.0.0/14" }, ranges[1]];
    const edits: readonly (readonly [
        what: string,
        name: keyof typeof INPUTS,
        change: JsonObject,
        properties: readonly string[],
        replaces: boolean,
    ])[] = [
        // Recorded with the official provider.
        ["the range of pods", "subnetwork", { secondaryIpRanges: others }, ["secondaryIpRanges"], false],
        ["a larger range of nodes", "subnetwork", { ipCidrRange: "10.0.0.0/19" }, ["ipCidrRange"], false],
        ["another range of nodes", "subnetwork", { ipCidrRange: "10.1.0.0/20" }, ["ipCidrRange"], true],
        ["a smaller range of nodes", "subnetwork", { ipCidrRange: "10.0.0.0/21" }, ["ipCidrRange"], true],
        ["the region of a subnet", "subnetwork", { region: "us-east1" }, ["region"], true],
        ["the region of a router", "router", { region: "us-east1" }, ["region"], true],
        ["the region of a NAT", "routerNat", { region: "us-east1", router: "other" }, ["region", "router"], true],
        // From the provider's schema.
        ["a network by its name", "subnetwork", { network: "net" }, [], false],
        ["another network", "subnetwork", { network: "other" }, ["network"], true],
        ["the flow logs", "subnetwork", { logConfig: undefined }, ["logConfig"], false],
        ["a default", "network", { networkFirewallPolicyEnforcementOrder: "AFTER_CLASSIC_FIREWALL" }, [], false],
        ["the routing mode", "network", { routingMode: "GLOBAL" }, ["routingMode"], false],
        ["a timeout", "routerNat", { udpIdleTimeoutSec: 60 }, ["udpIdleTimeoutSec"], false],
        ["a default timeout", "routerNat", { udpIdleTimeoutSec: 30 }, [], false],
        ["a port", "firewall", { allows: [{ protocol: "tcp", ports: ["2222"] }] }, ["allows"], false],
        ["a label of an address", "globalAddress", { labels: { team: "search" } }, ["labels"], false],
        ["the labels of a regional address", "address", { labels: undefined }, ["labels"], false],
        ["the name of an address", "globalAddress", { name: "other" }, ["name"], true],
        [
            "the size of a reservation",
            "reservation",
            { specificReservation: { ...INPUTS.reservation.specificReservation, count: 3 } },
            ["specificReservation"],
            false,
        ],
        ["the description of a policy", "resourcePolicy", { description: "x" }, ["description"], false],
    ];
    for (const [what, name, change, properties, replaces] of edits) {
        it(`finds the same difference as the official provider for ${what}${replaces || properties.length === 0 ? "" : ", and applies it"}`, async () => {
            const after = { ...INPUTS[name], ...change };
            const { changes } = diffInputs(token(name), INPUTS[name], after);
            expect([[...new Set(changes.map(({ path }) => path[0]))], changes.some((change) => change.replaces)]).to.deep.equal([
                properties,
                replaces,
            ]);
            if (!replaces && properties.length > 0) {
                await createAll();
                await gcp.update(token(name), IDS[name], INPUTS[name], after);
                const inputs = (await gcp.read(token(name), IDS[name], after))?.inputs;
                expect(JSON.parse(JSON.stringify(inputs))).to.deep.equal(JSON.parse(JSON.stringify({ ...after, __defaults: [] })));
            }
        });
    }

    it("does not predict a replacement for a range that is unknown in a preview", () => {
        const { changes } = diffInputs(SUBNETWORK, INPUTS.subnetwork, { ...INPUTS.subnetwork, ipCidrRange: UNKNOWN });
        expect(changes.map(({ replaces }) => replaces)).to.deep.equal([false]);
    });

    it("reports changes that others made", async () => {
        await createAll();
        const router = gcp.ledger.get("compute.googleapis.com/Router", IDS.router);
        expect(router?.inputs.nats).to.have.length(1);
        if (router !== undefined) {
            const { nats: _, ...without } = router.inputs;
            gcp.ledger.put({ ...router, inputs: without });
        }
        expect(await gcp.read(NAT, IDS.routerNat, INPUTS.routerNat)).to.equal(undefined);
        const network = gcp.ledger.get("compute.googleapis.com/Network", IDS.network);
        if (network !== undefined) {
            gcp.ledger.put({ ...network, inputs: { ...network.inputs, routingConfig: { routingMode: "GLOBAL" } } });
        }
        expect((await gcp.read(NETWORK, IDS.network, INPUTS.network))?.inputs.routingMode).to.equal("GLOBAL");
    });

    it("changes the NATs of a router one at a time", async () => {
        await gcp.create(NETWORK, INPUTS.network);
        await gcp.create(ROUTER, INPUTS.router);
        const nats = ["a", "b", "c"].map((name) => ({ ...INPUTS.routerNat, name, sourceSubnetworkIpRangesToNat: "LIST_OF_SUBNETWORKS" }));
        await Promise.all(nats.map((nat) => gcp.create(NAT, nat)));
        await Promise.all(nats.slice(1).map((nat) => gcp.delete(NAT, `p/us-central1/router/${nat.name}`, nat)));
        const left = gcp.ledger.get("compute.googleapis.com/Router", IDS.router)?.inputs.nats as readonly JsonObject[];
        expect(left.map(({ name }) => name)).to.deep.equal(["a"]);
    });

    it("reports refused requests and failed operations", async () => {
        expect(await refusal(gcp.create(SUBNETWORK, INPUTS.subnetwork))).to.equal(
            "googleapi: Error 404: The resource 'projects/p/global/networks/net' was not found",
        );
        await createAll();
        expect(await refusal(gcp.create(NETWORK, INPUTS.network))).to.equal(
            "googleapi: Error 409: The resource 'projects/p/global/networks/net' already exists",
        );
        expect(await refusal(gcp.delete(NETWORK, IDS.network, INPUTS.network))).to.equal(
            `The network resource '${IDS.network}' is already being used by '${IDS.subnetwork}'`,
        );
    });

    it("finds the resources that a killed engine created", async () => {
        await createAll();
        const now = gcp.ledger.list();
        for (const name of NAMES) {
            const found = (inputs: JsonObject) => findMappedType(token(name))?.findIn(now, inputs);
            expect([found(INPUTS[name]), found({ ...INPUTS[name], name: "other" })], name).to.deep.equal([IDS[name], undefined]);
        }
    });
});
