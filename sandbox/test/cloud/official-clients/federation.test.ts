import { expect } from "chai";
import { ExternalAccountClient, type IdentityPoolClient } from "google-auth-library";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, globalAgent, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { CertificateAuthority } from "../../../cluster/control-plane/certificates";
import { ApiUnderTest } from "../test-api";
import { ISSUER, POOL, PROVIDER, TestIssuer } from "./test-issuer";

const POOLS = "iam.googleapis.com/v1/projects/p/locations/global/workloadIdentityPools";
const REPOSITORIES = "artifactregistry.googleapis.com/v1/projects/p/locations/us-central1/repositories";
describe("google-auth-library's ExternalAccountClient", () => {
    let api: ApiUnderTest;
    let issuer: TestIssuer;

    beforeEach(async () => {
        api = await ApiUnderTest.start();
        issuer = new TestIssuer();
        await api.call("POST", `${POOLS}?workloadIdentityPoolId=ml-platform`, {});
        await create({ oidc: { issuerUri: ISSUER, jwksJson: issuer.jwks } });
        await grant("roles/artifactregistry.reader", `principalSet://${POOL}/attribute.repository/my-organization/ml`);
    });

    afterEach(() => {
        api.stop();
    });

    async function create(provider: object, id = "github"): Promise<void> {
        const { status, body } = await api.call("POST", `${POOLS}/ml-platform/providers?workloadIdentityPoolProviderId=${id}`, {
            ...PROVIDER,
            ...provider,
        });
        expect(status, JSON.stringify(body)).to.equal(200);
    }

    async function grant(role: string, member: string): Promise<void> {
        const at = "cloudresourcemanager.googleapis.com/v1/projects/p";
        const { body } = await api.call("POST", `${at}:getIamPolicy`, {});
        const bindings = [...((body.bindings as object[] | undefined) ?? []), { role, members: [member] }];
        expect((await api.call("POST", `${at}:setIamPolicy`, { policy: { bindings } })).status).to.equal(200);
    }

    /** A client with a credential file as `gcloud iam workload-identity-pools create-cred-config` writes it. */
    function clientOf(token: string, { provider = "github", impersonate = "" } = {}): IdentityPoolClient {
        const client = ExternalAccountClient.fromJSON({
            type: "external_account",
            audience: `//${POOL}/providers/${provider}`,
            subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
            token_url: `${api.url}/sts.googleapis.com/v1/token`,
            subject_token_supplier: { getSubjectToken: () => Promise.resolve(token) },
            ...(impersonate !== "" && {
                service_account_impersonation_url: `${api.url}/iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${impersonate}:generateAccessToken`,
            }),
        });
        return client as IdentityPoolClient;
    }

    const list = (client: IdentityPoolClient) =>
        client.request<{ repositories?: unknown[] }>({ url: `${api.url}/${REPOSITORIES}`, retry: false });
    const refusal = async (work: Promise<unknown>): Promise<string> =>
        work.then(
            () => "",
            (error: unknown) => (error as Error).message,
        );
    const exchange = (claims: Readonly<Record<string, unknown>>, options = {}): Promise<string> =>
        refusal(clientOf(issuer.token(claims), options).getAccessToken());

    it("calls an API as the principals of a repository", async () => {
        const { status } = await list(clientOf(issuer.token()));
        expect(status).to.equal(200);
    });

    it("calls an API as one principal, as those of an environment, and as any of the pool", async () => {
        const subject = "repo:my-organization/ml:environment:dev";
        for (const [position, member] of [
            `principal://${POOL}/subject/${subject}`,
            `principalSet://${POOL}/attribute.environment/my-organization/ml/dev`,
            `principalSet://${POOL}/*`,
        ].entries()) {
            await grant("roles/secretmanager.viewer", member);
            const client = clientOf(issuer.token({ sub: subject, environment: "dev" }));
            const url = `${api.url}/secretmanager.googleapis.com/v1/projects/p/secrets`;
            expect((await client.request({ url })).status, member).to.equal(200);
            const other = clientOf(issuer.token({ sub: "repo:my-organization/ml:environment:prod", environment: "prod" }));
            expect(await refusal(other.request({ url, retry: false })), member).to.match(
                position === 2 ? /^$/ : /Permission 'secretmanager.secrets.list' denied/,
            );
            await api.call("POST", "cloudresourcemanager.googleapis.com/v1/projects/p:setIamPolicy", { policy: {} });
        }
    });

    it("impersonates a service account that its principals may use", async () => {
        await api.call("POST", "iam.googleapis.com/v1/projects/p/serviceAccounts", { accountId: "deploy" });
        const account = "iam.googleapis.com/v1/projects/p/serviceAccounts/deploy@p.iam.gserviceaccount.com";
        const options = { impersonate: "deploy@p.iam.gserviceaccount.com" };
        expect(await exchange({}, options)).to.contain("Permission 'iam.serviceAccounts.getAccessToken' denied");
        const members = [`principalSet://${POOL}/attribute.environment/my-organization/ml/dev`];
        await api.call("POST", `${account}:setIamPolicy`, { policy: { bindings: [{ role: "roles/iam.workloadIdentityUser", members }] } });
        await grant("roles/secretmanager.viewer", "serviceAccount:deploy@p.iam.gserviceaccount.com");
        const client = clientOf(issuer.token({ environment: "dev" }), options);
        expect((await client.request({ url: `${api.url}/secretmanager.googleapis.com/v1/projects/p/secrets` })).status).to.equal(200);
        expect(await exchange({ environment: "prod" }, options)).to.contain("Permission 'iam.serviceAccounts.getAccessToken' denied");
    });

    it("is refused with another repository, issuer, audience, signature or time, in Google's words", async () => {
        const now = Math.floor(Date.now() / 1000);
        for (const [claims, message] of [
            [{ repository: "somebody/ml" }, "unauthorized_client: The given credential is rejected by the attribute condition."],
            [
                { iss: "https://gitlab.com" },
                `invalid_grant: The issuer in ID Token https://gitlab.com does not match the expected one in config: ${ISSUER}.`,
            ],
            [
                { aud: "https://github.com/my-organization" },
                "invalid_grant: The audience in ID Token [https://github.com/my-organization] does not match the expected audience.",
            ],
            [{ exp: now - 1 }, `invalid_grant: ID Token issued at ${now} is stale to sign-in.`],
            [{ iat: now - 90_000 }, `invalid_grant: ID Token issued at ${now - 90_000} is stale to sign-in.`],
            [
                { sub: `repo:${"x".repeat(123)}` },
                "invalid_request: The size of mapped attribute google.subject exceeds the 127 bytes limit.",
            ],
            [{ repository: undefined }, "invalid_request: The mapped attribute attribute.repository"],
        ] as const) {
            expect(await exchange({ iat: now, ...claims })).to.contain(message);
        }
        expect(await refusal(clientOf(new TestIssuer().token()).getAccessToken())).to.contain(
            "invalid_grant: Unable to verify the ID Token signature.",
        );
        expect(await refusal(clientOf("no token").getAccessToken())).to.contain("invalid_request");
    });

    it("is refused by a provider that does not exist or is disabled, and in a project without the API", async () => {
        const invalid = 'invalid_target: The target service indicated by the "audience" parameters is invalid.';
        expect(await exchange({}, { provider: "gitlab" })).to.contain(invalid);
        await api.call("PATCH", `${POOLS}/ml-platform/providers/github?updateMask=disabled`, { disabled: true });
        expect(await exchange({})).to.contain(invalid);
        await api.call("PATCH", `${POOLS}/ml-platform/providers/github?updateMask=disabled`, { disabled: false });
        await api.call("PATCH", `${POOLS}/ml-platform?updateMask=disabled`, { disabled: true });
        expect(await exchange({})).to.contain(invalid);
        await api.call("PATCH", `${POOLS}/ml-platform?updateMask=disabled`, {});
        expect(await exchange({})).to.equal("");
        await api.call("POST", "serviceusage.googleapis.com/v1/projects/p/services/sts.googleapis.com:disable", {});
        const request = { audience: `//${POOL}/providers/github`, subjectToken: issuer.token() };
        expect(await api.refusal("POST", "sts.googleapis.com/v1/token", request)).to.contain(
            "403 PERMISSION_DENIED: Security Token Service API has not been used in project",
        );
    });

    it("gets tokens for the audiences of the provider, and from keys on an elliptic curve", async () => {
        issuer = new TestIssuer("ES256");
        await create(
            { oidc: { issuerUri: ISSUER, jwksJson: issuer.jwks, allowedAudiences: ["https://github.com/my-organization"] } },
            "other",
        );
        expect(await exchange({ aud: ["https://github.com/my-organization"] }, { provider: "other" })).to.equal("");
        expect(await exchange({}, { provider: "other" })).to.contain(
            "does not match the expected audience https://github.com/my-organization.",
        );
    });

    it("gets a token that ends with the workflow's, at most an hour later", async () => {
        const now = Math.floor(Date.now() / 1000);
        const expiry = async (exp: number) => {
            const client = clientOf(issuer.token({ exp }));
            await client.getAccessToken();
            return Math.round(((client.credentials.expiry_date ?? 0) - Date.now()) / 1000);
        };
        expect(await expiry(now + 300)).to.be.within(295, 300);
        expect(await expiry(now + 20_000)).to.be.within(3595, 3600);
        const short = clientOf(issuer.token({ exp: Math.floor(Date.now() / 1000) + 2 }));
        const { token } = await short.getAccessToken();
        const call = () => api.call("GET", REPOSITORIES, undefined, { authorization: `Bearer ${token ?? ""}` });
        expect((await call()).status).to.equal(200);
        await delay(2100);
        expect((await call()).status).to.equal(401);
    });

    describe("with the keys of the issuer", () => {
        let server: Server;
        let folder: string;
        let address: string;
        const { ca } = globalAgent.options;

        before(async () => {
            folder = mkdtempSync(path.join(tmpdir(), "issuer-"));
            const authority = await CertificateAuthority.at(folder);
            const files = await authority.issue("issuer", { commonName: "issuer", hosts: ["127.0.0.1"] });
            globalAgent.options.ca = readFileSync(authority.file);
            server = createServer({ cert: readFileSync(files.certificate), key: readFileSync(files.key) }, (request, response) => {
                const found =
                    request.url === "/.well-known/openid-configuration" ? JSON.stringify({ jwks_uri: `${address}/keys` }) : issuer.jwks;
                response.end(found);
            });
            await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
            address = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
        });

        after(() => {
            globalAgent.options.ca = ca;
            server.close();
            server.closeAllConnections();
            rmSync(folder, { recursive: true });
        });

        it("exchanges tokens, and is refused when the issuer does not answer", async () => {
            await create({ oidc: { issuerUri: address } }, "local");
            const claims = { iss: address, aud: `//${POOL}/providers/local` };
            expect(await exchange(claims, { provider: "local" })).to.equal("");
            await create({ oidc: { issuerUri: "https://127.0.0.1:1" } }, "gone");
            expect(await exchange({ ...claims, iss: "https://127.0.0.1:1" }, { provider: "gone" })).to.contain(
                "invalid_grant: Error connecting to the given credential's issuer.",
            );
        });
    });
});
