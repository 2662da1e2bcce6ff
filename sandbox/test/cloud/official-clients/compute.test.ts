import { expect } from "chai";
import { OAuth2Client } from "google-auth-library";
import { ApiUnderTest, TOKEN } from "../test-api";

/** A resource or an operation in an answer. */
interface Answer {
    readonly name: string;
    readonly status: string;
    readonly selfLink: string;
    readonly items: readonly Answer[];
    readonly nextPageToken?: string;
    readonly [field: string]: unknown;
}

describe("authorized requests of google-auth-library to Compute Engine", () => {
    let api: ApiUnderTest;
    const client = new OAuth2Client();
    client.setCredentials({ access_token: TOKEN });

    beforeEach(async () => {
        api = await ApiUnderTest.start();
    });

    afterEach(() => {
        api.stop();
    });

    async function send(method: "DELETE" | "GET" | "PATCH" | "POST", path: string, data?: object, version = "v1"): Promise<Answer> {
        const url = `${api.url}/compute.googleapis.com/compute/${version}/projects/p/${path}`;
        return (await client.request<Answer>({ url, method, ...(data !== undefined && { data }) })).data;
    }

    /** Waits for an operation as Google's clients do: with the method `wait` of its location, by its name. */
    async function done(started: Answer): Promise<Answer> {
        const place = /projects\/p\/(.+)$/.exec(started.selfLink)?.[1] ?? "";
        return send("POST", `${place}/wait`);
    }

    async function refusal(work: Promise<unknown>): Promise<unknown> {
        return work.then(
            () => undefined,
            (error: unknown) => (error as { response?: { data: { error: unknown } } }).response?.data.error ?? error,
        );
    }

    const network = { name: "net", autoCreateSubnetworks: false };
    const subnet = { name: "sub", network: "global/networks/net", ipCidrRange: "10.0.0.0/20" };

    it("create a network and a subnet, wait for both, and read them in both versions", async () => {
        const started = await send("POST", "global/networks", network);
        expect(started).to.include({ kind: "compute#operation", status: "RUNNING", operationType: "insert" });
        expect(started.targetLink).to.equal("https://www.googleapis.com/compute/v1/projects/p/global/networks/net");
        expect(await done(started)).to.include({ status: "DONE", progress: 100, id: started.id, name: started.name });
        const regional = await done(await send("POST", "regions/us-central1/subnetworks", subnet));
        expect(regional.region).to.equal("https://www.googleapis.com/compute/v1/projects/p/regions/us-central1");
        const [v1, beta] = [
            await send("GET", "regions/us-central1/subnetworks/sub"),
            await send("GET", "regions/us-central1/subnetworks/sub", undefined, "beta"),
        ];
        expect(v1).to.include({ kind: "compute#subnetwork", gatewayAddress: "10.0.0.1", purpose: "PRIVATE", stackType: "IPV4_ONLY" });
        expect(v1.network).to.equal("https://www.googleapis.com/compute/v1/projects/p/global/networks/net");
        expect(beta.network).to.equal("https://www.googleapis.com/compute/beta/projects/p/global/networks/net");
        expect([v1.id, v1.fingerprint]).to.deep.equal([beta.id, beta.fingerprint]);
        expect(v1.id).to.match(/^\d{19}$/);
        expect(v1.creationTimestamp).to.match(/^\d{4}-\d\d-\d\dT[\d:.]+-08:00$/);
        expect((await send("GET", "global/networks/net")).subnetworks).to.deep.equal([v1.selfLink]);
    });

    it("page through lists", async () => {
        for (const name of ["c", "a", "b"]) {
            await send("POST", "global/addresses", { name });
        }
        const first = await send("GET", "global/addresses?maxResults=2");
        expect([first.kind, first.items.map(({ name }) => name)]).to.deep.equal(["compute#addressList", ["a", "b"]]);
        const rest = await send("GET", `global/addresses?maxResults=2&pageToken=${first.nextPageToken ?? ""}`);
        expect([rest.items.map(({ name }) => name), rest.nextPageToken]).to.deep.equal([["c"], undefined]);
        expect(await refusal(send("GET", "global/addresses?filter=name%3Ea"))).to.include({ code: 501 });
    });

    it("update resources with their fingerprint, and fail with an outdated one", async () => {
        await send("POST", "global/networks", network);
        await send("POST", "regions/us-central1/subnetworks", subnet);
        const path = "regions/us-central1/subnetworks/sub";
        const { fingerprint } = await send("GET", path);
        await done(await send("PATCH", path, { fingerprint, privateIpGoogleAccess: true }));
        expect(await send("GET", path)).to.include({ privateIpGoogleAccess: true });
        const late = (await refusal(send("PATCH", path, { fingerprint, privateIpGoogleAccess: false }))) as Answer;
        expect([late.code, late.errors]).to.deep.equal([412, [{ message: late.message, domain: "global", reason: "conditionNotMet" }]]);
        expect(await refusal(send("PATCH", path, { privateIpGoogleAccess: false }))).to.include({
            message: "Required field 'resource.fingerprint' not specified",
        });
        await send("POST", "global/addresses", { name: "web" });
        const { labelFingerprint } = await send("GET", "global/addresses/web");
        await send("POST", "global/addresses/web/setLabels", { labels: { team: "ml" }, labelFingerprint });
        expect((await send("GET", "global/addresses/web")).labels).to.deep.equal({ team: "ml" });
        expect(await refusal(send("POST", "global/addresses/web/setLabels", { labels: {}, labelFingerprint }))).to.include({
            code: 412,
            message: "Labels fingerprint either invalid or resource labels have changed",
        });
    });

    it("get an error in the operation if a network is still in use", async () => {
        await send("POST", "global/networks", network);
        await send("POST", "regions/us-central1/subnetworks", subnet);
        const failed = await done(await send("DELETE", "global/networks/net"));
        expect(failed).to.include({ status: "DONE", httpErrorStatusCode: 400 });
        expect(failed.error).to.deep.equal({
            errors: [
                {
                    code: "RESOURCE_IN_USE_BY_ANOTHER_RESOURCE",
                    message:
                        "The network resource 'projects/p/global/networks/net' is already being used by 'projects/p/regions/us-central1/subnetworks/sub'",
                },
            ],
        });
        await send("DELETE", "regions/us-central1/subnetworks/sub");
        expect(await done(await send("DELETE", "global/networks/net"))).to.not.have.property("error");
        expect(await refusal(send("GET", "global/networks/net"))).to.deep.include({
            code: 404,
            errors: [{ message: "The resource 'projects/p/global/networks/net' was not found", domain: "global", reason: "notFound" }],
        });
    });

    it("find regions, zones, machine types and accelerators", async () => {
        const region = await send("GET", "regions/us-central1");
        expect(region.zones).to.have.length(4);
        expect(region.quotas).to.deep.include({ metric: "NVIDIA_L4_GPUS", limit: 1_000_000, usage: 0 });
        expect(await send("GET", "zones/us-central1-a")).to.include({
            status: "UP",
            region: "https://www.googleapis.com/compute/v1/projects/p/regions/us-central1",
        });
        expect(await send("GET", "zones/us-central1-a/machineTypes/e2-standard-4")).to.include({
            guestCpus: 4,
            memoryMb: 16_384,
            isSharedCpu: false,
            zone: "us-central1-a",
        });
        expect((await send("GET", "zones/us-central1-a/machineTypes/g2-standard-24")).accelerators).to.deep.equal([
            { guestAcceleratorType: "nvidia-l4", guestAcceleratorCount: 2 },
        ]);
        const types = await send("GET", "zones/us-west2-b/acceleratorTypes");
        expect(types.items.map(({ name }) => name))
            .to.include("nvidia-tesla-t4")
            .and.not.include("nvidia-l4");
        expect(await refusal(send("GET", "zones/us-west2-b/machineTypes/g2-standard-24"))).to.include({ code: 404 });
        expect(await refusal(send("GET", "zones/us-west2-z/machineTypes"))).to.include({
            message: "Invalid value for field 'zone': 'us-west2-z'. Unknown zone.",
        });
        const project = await client.request<Answer>({ url: `${api.url}/compute.googleapis.com/compute/v1/projects/p` });
        expect(project.data.quotas).to.deep.include({ metric: "GPUS_ALL_REGIONS", limit: 1_000_000, usage: 0 });
    });
});
