import { expect } from "chai";
import type { Access } from "../../cloud/access/access";
import { Identities } from "../../cloud/access/identities";
import { serveTokens } from "../../registry/token-endpoint";
import { TokenIssuer } from "../../registry/token-issuer";
import { freePort } from "./private-registry";

const READER = "serviceAccount:nodes@p.iam.gserviceaccount.com";
const WRITER = "serviceAccount:deploy@p.iam.gserviceaccount.com";
const PULL = "repository:us-central1-docker.pkg.dev/p/r/i:pull";

describe("the registry's token endpoint", () => {
    let address: string;
    let valid = "the-access-token";
    let identities: Identities;

    before(async () => {
        const port = await freePort();
        address = `http://127.0.0.1:${port}/v2/token`;
        identities = new Identities(() => valid);
        const grants: Access["grants"] = ({ member }, permission, { name }) =>
            member === undefined ||
            (member === READER && permission.endsWith(".downloadArtifacts")) ||
            (member === WRITER && name.endsWith("/open"));
        await serveTokens({ port, issuer: new TokenIssuer("127.0.0.1:5000"), identities, access: { grants } });
    });
    beforeEach(() => (valid = "the-access-token"));

    const basic = (user: string, password: string): string => `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
    const get = (query: string, authorization?: string): Promise<Response> =>
        fetch(`${address}?${query}`, authorization === undefined ? {} : { headers: { authorization } });
    async function granted(query: string, authorization?: string): Promise<unknown> {
        const begun = Date.now();
        const response = await get(query, authorization);
        expect(response.status, query).to.equal(200);
        const { token, expires_in, issued_at } = (await response.json()) as { token: string; expires_in: number; issued_at: string };
        expect(expires_in).to.equal(300);
        expect(Date.parse(issued_at)).to.be.within(begun - 1000, Date.now());
        return (JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as { access: unknown }).access;
    }
    async function refused(response: Response): Promise<unknown> {
        const { errors } = (await response.json()) as { errors: [{ code: string }] };
        return [response.status, errors[0].code];
    }

    it("gives what is asked for with the access token, as a password of Google's user names and as a bearer token", async () => {
        const access = [{ type: "repository", name: "us-central1-docker.pkg.dev/p/r/i", actions: ["pull"] }];
        for (const authorization of [
            basic("oauth2accesstoken", valid),
            basic("_token", valid),
            basic("_dcgcloud_token", valid),
            `Bearer ${valid}`,
            `bearer ${valid}`,
        ]) {
            expect(await granted(`service=127.0.0.1:5000&scope=${PULL}`, authorization)).to.deep.equal(access);
        }
    });

    it("gives several scopes, whether they come apart or in one, and none", async () => {
        const [one, other] = ["a", "b"].map((name) => ({ type: "repository", name, actions: ["pull", "push"] }));
        expect(await granted("scope=repository:a:pull,push&scope=repository:b:pull,push", `Bearer ${valid}`)).to.deep.equal([one, other]);
        expect(await granted("scope=repository:a:pull,push%20repository:b:pull,push", `Bearer ${valid}`)).to.deep.equal([one, other]);
        expect(await granted("service=127.0.0.1:5000", `Bearer ${valid}`)).to.deep.equal([]);
    });

    it("refuses credentials that are wrong, expired or none with 401, also for what is public", async () => {
        for (const authorization of [
            basic("oauth2accesstoken", "wrong"),
            basic("oauth2accesstoken", ""),
            basic("ann", valid),
            "Bearer wrong",
            `Digest ${valid}`,
            "Bearer",
            "Basic !",
        ]) {
            for (const scope of [PULL, "repository:library/python:pull"]) {
                expect(await refused(await get(`scope=${scope}`, authorization)), authorization).to.deep.equal([401, "UNAUTHORIZED"]);
            }
        }
        const earlier = valid;
        valid = "the-next-access-token";
        expect(await refused(await get(`scope=${PULL}`, `Bearer ${earlier}`))).to.deep.equal([401, "UNAUTHORIZED"]);
        // Before the sandbox has a token, an empty one is none.
        valid = "";
        expect(await refused(await get(`scope=${PULL}`, basic("oauth2accesstoken", "")))).to.deep.equal([401, "UNAUTHORIZED"]);
    });

    it("gives pulls of Docker Hub's stand-ins without credentials, and denies all the rest with 403", async () => {
        expect(await granted("scope=repository:library/python:pull")).to.deep.equal([
            { type: "repository", name: "library/python", actions: ["pull"] },
        ]);
        expect(await granted("")).to.deep.equal([]);
        for (const query of [
            `scope=${PULL}`,
            "scope=repository:library/python:pull,push",
            `scope=repository:library/python:pull&scope=${PULL}`,
            "scope=registry:catalog:*",
        ]) {
            expect(await refused(await get(query)), query).to.deep.equal([403, "DENIED"]);
        }
    });

    it("gives a service account what its roles allow, until its access token expires", async () => {
        const token = (seconds: number) => `Bearer ${identities.issue({ member: READER }, seconds).accessToken}`;
        expect(await granted(`scope=${PULL}`, token(60))).to.have.length(1);
        const response = await get(`scope=${PULL},push`, token(60));
        expect([response.status, await response.json()]).to.deep.equal([
            403,
            {
                errors: [
                    {
                        code: "DENIED",
                        message:
                            'Permission "artifactregistry.repositories.uploadArtifacts" denied on resource "projects/p/locations/us-central1/repositories/r" (or it may not exist)',
                    },
                ],
            },
        ]);
        expect(await refused(await get(`scope=${PULL}`, token(0)))).to.deep.equal([401, "UNAUTHORIZED"]);
    });

    it("gives a push without the repositories that it may not mount layers from", async () => {
        const mounting = `scope=repository:us-central1-docker.pkg.dev/p/open/i:pull,push&scope=${PULL}`;
        const token = (member: string) => `Bearer ${identities.issue({ member }, 60).accessToken}`;
        expect(await granted(mounting, token(WRITER))).to.deep.equal([
            { type: "repository", name: "us-central1-docker.pkg.dev/p/open/i", actions: ["pull", "push"] },
        ]);
        expect(await refused(await get(mounting, token(READER)))).to.deep.equal([403, "DENIED"]);
        expect(await refused(await get(`scope=${PULL}`, token(WRITER)))).to.deep.equal([403, "DENIED"]);
    });

    it("has nothing else: no OAuth, no other path, no malformed scope", async () => {
        expect((await fetch(address, { method: "POST", body: "grant_type=password" })).status).to.equal(404);
        expect((await fetch(address.replace("/token", "/"))).status).to.equal(404);
        expect(await refused(await get("scope=everything", `Bearer ${valid}`))).to.deep.equal([400, "UNSUPPORTED"]);
    });
});
