import { expect } from "chai";
import { projectNumber } from "../../../../cloud/generated";
import { ApiUnderTest } from "../../test-api";

const V1 = "compute.googleapis.com/compute/v1/projects/p";
const REGION = `${V1}/regions/us-central1`;
const URL_OF = "https://www.googleapis.com/compute/v1/projects/p";
const NET = "projects/p/global/networks/net";

describe("Compute Engine", () => {
    let api: ApiUnderTest;

    beforeEach(async () => {
        api = await ApiUnderTest.start();
        await api.call("POST", `${V1}/global/networks`, { name: "net", autoCreateSubnetworks: false });
    });

    afterEach(() => {
        api.stop();
    });

    /** The status, reason and message of an answer. */
    async function answer(method: string, path: string, body?: unknown): Promise<string> {
        const { status, body: found } = await api.call(method, path, body);
        const { error } = found as { error?: { message: string; errors: readonly [{ reason: string }] } };
        return error === undefined ? `${status}` : `${status} ${error.errors[0].reason}: ${error.message}`;
    }

    async function get(path: string): Promise<Readonly<Record<string, unknown>>> {
        return (await api.call("GET", path)).body;
    }

    const subnet = { name: "a", network: NET, ipCidrRange: "10.0.0.0/20" };

    const refused: readonly (readonly [what: string, path: string, body: object, message: string | RegExp])[] = [
        ["no name", "/global/networks", {}, "400 required: Required field 'resource.name' not specified"],
        [
            "a name in capitals",
            "/global/networks",
            { name: "Net" },
            "400 invalid: Invalid value for field 'resource.name': 'Net'. Must be a match of regex '(?:[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?)'",
        ],
        [
            "a subnet without a network",
            "/regions/us-central1/subnetworks",
            { ...subnet, network: "" },
            /Required field 'resource.network' not/,
        ],
        [
            "a subnet without a range",
            "/regions/us-central1/subnetworks",
            { name: "a", network: NET },
            /'resource.ipCidrRange' not specified/,
        ],
        [
            "a network that is not there",
            "/regions/us-central1/routers",
            { name: "a", network: "global/networks/none" },
            /^404 notFound: The resource 'projects\/p\/global\/networks\/none' was not found/,
        ],
        [
            "an unknown region",
            "/regions/us-centrl1/subnetworks",
            subnet,
            "400 invalid: Invalid value for field 'region': 'us-centrl1'. Unknown region.",
        ],
        ["an unknown field", "/global/networks", { name: "a", colour: "red" }, /Unknown name "colour"/],
        ["a field of the beta version", "/global/firewalls", { name: "a", enableLogging: true }, /Unknown name "enableLogging"/],
        ...["10.0.0.1/20", "10.0.0.0/30", "10.0.0/20", "10.0.0.256/24", "10.0.0.0/33"].map(
            (ipCidrRange) =>
                [
                    `the range ${ipCidrRange}`,
                    "/regions/us-central1/subnetworks",
                    { ...subnet, ipCidrRange },
                    /is not a range of at least 8 addresses/,
                ] as const,
        ),
    ];
    for (const [what, path, body, message] of refused) {
        it(`refuses ${what}`, async () => {
            const found = await answer("POST", `${V1}${path}`, body);
            expect(typeof message === "string" ? found === message : message.test(found), found).to.equal(true);
        });
    }

    it("accepts names, partial URLs and URLs of any version and of the sandbox as references", async () => {
        const references = [
            NET,
            "global/networks/net",
            `${URL_OF}/global/networks/net`,
            `https://compute.googleapis.com/compute/beta/${NET}`,
            // gcloud with the sandbox as its endpoint
            `http://127.0.0.1:8080/compute.googleapis.com/compute/v1/${NET}`,
        ];
        for (const [position, network] of references.entries()) {
            const body = { name: `s${position}`, network, ipCidrRange: `10.0.${position}.0/24` };
            expect(await answer("POST", `${REGION}/subnetworks`, body)).to.equal("200");
            expect((await get(`${REGION}/subnetworks/s${position}`)).network).to.equal(`${URL_OF}/global/networks/net`);
        }
    });

    it("accepts a router as it was read, with another NAT", async () => {
        expect(await answer("POST", `${REGION}/routers`, { name: "r", network: NET })).to.equal("200");
        const nat = { name: "n", natIpAllocateOption: "AUTO_ONLY", sourceSubnetworkIpRangesToNat: "ALL_SUBNETWORKS_ALL_IP_RANGES" };
        const router = await get(`${REGION}/routers/r`);
        expect(await answer("PATCH", `${REGION}/routers/r`, { ...router, nats: [nat] })).to.equal("200");
        expect((await get(`${REGION}/routers/r`)).nats).to.have.lengthOf(1);
        const changed = { ...router, encryptedInterconnectRouter: true };
        expect(await answer("PATCH", `${REGION}/routers/r`, changed)).to.include("cannot be modified: [encryptedInterconnectRouter]");
    });

    it("accepts project numbers", async () => {
        const path = `compute.googleapis.com/compute/v1/projects/${projectNumber("p")}/global/networks/net`;
        expect((await get(path)).selfLink).to.equal(`${URL_OF}/global/networks/net`);
    });

    it("has a default network, which needs no entry in the ledger", async () => {
        expect(await answer("POST", `${V1}/global/firewalls`, { name: "ssh", allowed: [{ IPProtocol: "tcp" }] })).to.equal("200");
        expect(await get(`${V1}/global/firewalls/ssh`)).to.deep.include({
            ...{ network: `${URL_OF}/global/networks/default`, direction: "INGRESS", priority: 1000, disabled: false },
            sourceRanges: ["0.0.0.0/0"],
        });
    });

    it("only expands ranges: they do not shrink, move or overlap", async () => {
        await api.call("POST", `${REGION}/subnetworks`, subnet);
        await api.call("POST", `${REGION}/subnetworks`, { ...subnet, name: "b", ipCidrRange: "10.1.0.0/20" });
        const expand = (ipCidrRange: string) => answer("POST", `${REGION}/subnetworks/a/expandIpCidrRange`, { ipCidrRange });
        expect(await expand("10.0.0.0/21")).to.match(/^400 invalid: .*must contain the current range '10\.0\.0\.0\/20'\.$/);
        expect(await expand("10.2.0.0/16")).to.match(/^400 invalid: .*must contain the current range/);
        expect(await expand("10.0.0.0/14")).to.match(/^400 invalid: .*conflicts with existing subnetwork 'b' in region 'us-central1'\.$/);
        expect(await expand("10.0.0.0/16")).to.equal("200");
        const { fingerprint } = await get(`${REGION}/subnetworks/a`);
        expect(await answer("PATCH", `${REGION}/subnetworks/a`, { fingerprint, ipCidrRange: "10.0.0.0/15" })).to.match(
            /^400 invalid: .*The following field\(s\) specified in the request cannot be modified: \[ipCidrRange\]$/,
        );
    });

    it("clears fields with null, and merges objects", async () => {
        const path = `${V1}/global/networks/net`;
        await api.call("PATCH", path, { routingConfig: { routingMode: "GLOBAL" }, mtu: 8896 });
        await api.call("PATCH", path, { routingConfig: { bgpBestPathSelectionMode: "STANDARD" }, mtu: null });
        const { routingConfig, mtu } = await get(path);
        expect([routingConfig, mtu]).to.deep.equal([{ routingMode: "GLOBAL", bgpBestPathSelectionMode: "STANDARD" }, undefined]);
    });

    it("assigns internal addresses from the subnet, and reports the users of an address", async () => {
        await api.call("POST", `${REGION}/subnetworks`, { ...subnet, ipCidrRange: "10.0.0.0/29" });
        await api.call("POST", `${REGION}/addresses`, {
            name: "in",
            addressType: "INTERNAL",
            subnetwork: "regions/us-central1/subnetworks/a",
        });
        expect((await get(`${REGION}/addresses/in`)).address).to.match(/^10\.0\.0\.[2-5]$/);
        await api.call("POST", `${REGION}/addresses`, { name: "out" });
        expect(await get(`${REGION}/addresses/out`)).to.include({ status: "RESERVED", networkTier: "PREMIUM" });
        const nats = [{ name: "nat", natIpAllocateOption: "MANUAL_ONLY", natIps: ["regions/us-central1/addresses/out"] }];
        await api.call("POST", `${REGION}/routers`, { name: "router", network: NET, nats });
        expect(await get(`${REGION}/addresses/out`)).to.deep.include({
            status: "IN_USE",
            users: [`${URL_OF}/regions/us-central1/routers/router`],
        });
        expect(await answer("DELETE", `${REGION}/addresses/out`)).to.match(/^400 resourceInUseByAnotherResource: The address resource /);
        await api.call("PATCH", `${REGION}/routers/router`, { nats: [] });
        expect(await answer("DELETE", `${REGION}/addresses/out`)).to.equal("200");
    });

    for (const network of ["net", NET, `${URL_OF}/global/networks/net`]) {
        it(`does not delete a network while a cluster refers to it as ${network}`, async () => {
            const facts = { uuid: "u", status: "RUNNING", provisioned: {}, createdAt: "", updatedAt: "" } as const;
            const cluster = { type: "gcp:container/cluster:Cluster", id: "projects/p/locations/us-central1/clusters/c" };
            api.ledger.put({ ...cluster, inputs: { network }, ...facts });
            const outcome = async () => {
                const { selfLink } = (await api.call("DELETE", `${V1}/global/networks/net`)).body;
                return (await get(String(selfLink).replace("https://www", "compute"))).httpErrorStatusCode;
            };
            expect(await outcome()).to.equal(400);
            api.ledger.remove([cluster]);
            expect(await outcome()).to.equal(undefined);
        });
    }

    it("resizes reservations, and enables Private Google Access of subnets", async () => {
        const zone = `${V1}/zones/us-central1-a`;
        const specificReservation = { count: "2", instanceProperties: { machineType: "a3-highgpu-8g" } };
        await api.call("POST", `${zone}/reservations`, { name: "h100", specificReservation });
        expect(await answer("POST", `${zone}/reservations/h100/resize`, { specificSkuCount: "3" })).to.equal("200");
        expect((await get(`${zone}/reservations/h100`)).specificReservation).to.deep.include({ count: "3", inUseCount: "0" });
        await api.call("POST", `${REGION}/subnetworks`, subnet);
        await api.call("POST", `${REGION}/subnetworks/a/setPrivateIpGoogleAccess`, { privateIpGoogleAccess: true });
        expect((await get(`${REGION}/subnetworks/a`)).privateIpGoogleAccess).to.equal(true);
    });

    it("does not find a regional address among the global ones, nor an unknown operation", async () => {
        await api.call("POST", `${REGION}/addresses`, { name: "web" });
        expect(await answer("GET", `${V1}/global/addresses/web`)).to.match(/^404 notFound/);
        expect(await answer("GET", `${V1}/global/operations/none`)).to.match(/^404 notFound/);
    });
});
