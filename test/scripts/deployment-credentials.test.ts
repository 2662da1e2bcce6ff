import { expect } from "chai";
import { ExternalAccountClient, type IdentityPoolClient } from "google-auth-library";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { mock } from "node:test";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { Ledger } from "../../sandbox/cloud/ledger";
import { serveTokens } from "../../sandbox/registry/token-endpoint";
import { TokenIssuer } from "../../sandbox/registry/token-issuer";
import { ISSUER, POOL, PROVIDER, TestIssuer } from "../../sandbox/test/cloud/official-clients/test-issuer";
import { testAccess, testApi, TOKEN } from "../../sandbox/test/cloud/test-api";
import { freePort } from "../../sandbox/test/registry/private-registry";
import { workflow } from "./workflow-files";

const ACCOUNT = "deploy@p.iam.gserviceaccount.com";
/** Variables of the GitHub environment, as `npm run bootstrap` prints them. */
const VARIABLES: Readonly<Record<string, string>> = {
    "${{ vars.DEPLOY_IDENTITY_PROVIDER }}": `${POOL.replace("iam.googleapis.com/", "")}/providers/github`,
    "${{ vars.DEPLOY_SERVICE_ACCOUNT }}": ACCOUNT,
};
/** Seconds. GitHub's token and a federated token live for 300 s, a service account's for an hour. */
const BUILD = 400;
const HOUR = 3600;

describe("the credentials of the deployment job", () => {
    let folder: string;
    const servers: Server[] = [];
    let api: string;
    let gitHub: string;
    let registry: string;
    let issuer: TestIssuer;
    /** Number of tokens that GitHub issued. */
    let issued: number;

    async function serve(listener: RequestListener): Promise<string> {
        const server = createServer(listener);
        servers.push(server);
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    }

    async function call(at: string, body: object): Promise<void> {
        const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };
        const response = await fetch(`${api}/${at}`, { method: "POST", headers, body: JSON.stringify(body) });
        expect(response.status, await response.text()).to.equal(200);
    }

    beforeEach(async () => {
        folder = mkdtempSync(path.join(tmpdir(), "deployment-credentials-"));
        const ledger = Ledger.open(path.join(folder, "ledger.json"));
        const callers = testAccess(ledger);
        api = await serve(testApi(ledger, callers));
        issuer = new TestIssuer();
        issued = 0;
        gitHub = await serve((_, response) => {
            issued += 1;
            response.setHeader("content-type", "application/json");
            response.end(JSON.stringify({ value: issuer.token({ environment: "dev" }) }));
        });
        const port = await freePort();
        await serveTokens({ port, issuer: new TokenIssuer("127.0.0.1:5000"), ...callers });
        registry = `http://127.0.0.1:${port}/v2/token?scope=repository:us-central1-docker.pkg.dev/p/ml-images/inference:pull,push`;

        const pools = "iam.googleapis.com/v1/projects/p/locations/global/workloadIdentityPools";
        await call(`${pools}?workloadIdentityPoolId=ml-platform`, {});
        const provider = { ...PROVIDER, oidc: { issuerUri: ISSUER, jwksJson: issuer.jwks } };
        await call(`${pools}/ml-platform/providers?workloadIdentityPoolProviderId=github`, provider);
        await call("iam.googleapis.com/v1/projects/p/serviceAccounts", { accountId: "deploy" });
        const deployments = `principalSet://${POOL}/attribute.environment/my-organization/ml/dev`;
        await call(`iam.googleapis.com/v1/projects/p/serviceAccounts/${ACCOUNT}:setIamPolicy`, {
            policy: { bindings: [{ role: "roles/iam.workloadIdentityUser", members: [deployments] }] },
        });
        // Both may push, so that only lifetimes differ.
        await call("cloudresourcemanager.googleapis.com/v1/projects/p:setIamPolicy", {
            policy: { bindings: [{ role: "roles/artifactregistry.writer", members: [deployments, `serviceAccount:${ACCOUNT}`] }] },
        });
        mock.timers.enable({ apis: ["Date"], now: Date.now() });
    });

    afterEach(() => {
        mock.timers.reset();
        for (const server of servers.splice(0)) {
            server.close();
            server.closeAllConnections();
        }
        rmSync(folder, { recursive: true });
    });

    /** Inputs of the step of deploy.yml that logs in. */
    function inputs(): Readonly<Record<string, string | undefined>> {
        const { steps = [] } = workflow("deploy.yml").jobs.up ?? {};
        const [login, ...others] = steps.filter(({ uses }) => uses?.startsWith("google-github-actions/auth@"));
        expect(others).to.deep.equal([]);
        return Object.fromEntries(Object.entries(login?.with ?? {}).map(([name, value]) => [name, VARIABLES[String(value)]]));
    }

    /**
     * The client of the file that the action writes.
     * https://github.com/google-github-actions/auth/blob/main/src/client/workload_identity_federation.ts
     * @param source where the client gets GitHub's token. Default: GitHub, at each exchange
     */
    function clientOf(
        { workload_identity_provider: provider = "", service_account: account }: ReturnType<typeof inputs>,
        source: object = { credential_source: { url: gitHub, format: { type: "json", subject_token_field_name: "value" } } },
    ): IdentityPoolClient {
        const file = {
            type: "external_account",
            audience: `//iam.googleapis.com/${provider}`,
            subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
            token_url: `${api}/sts.googleapis.com/v1/token`,
            ...source,
            ...(account !== undefined && {
                service_account_impersonation_url: `${api}/iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${account}:generateAccessToken`,
            }),
        };
        return ExternalAccountClient.fromJSON(file) as IdentityPoolClient;
    }

    const tokenOf = async (client: IdentityPoolClient): Promise<string> => (await client.getAccessToken()).token ?? "";
    /** Status of the registry for a push with an access token. */
    async function push(token: string): Promise<number> {
        const credentials = Buffer.from(`_dcgcloud_token:${token}`).toString("base64");
        return (await fetch(registry, { headers: { authorization: `Basic ${credentials}` } })).status;
    }
    const pass = (seconds: number): void => {
        mock.timers.tick(seconds * 1000);
    };

    it(`push an image that was built for ${BUILD} s, also with the token that the builder received at the start`, async () => {
        const client = clientOf(inputs());
        const early = await tokenOf(client);
        pass(BUILD);
        expect(await push(early)).to.equal(200);
        expect(await push(await tokenOf(client))).to.equal(200);
        expect(issued).to.equal(1);
    });

    it("are renewed after an hour, with a new token of GitHub", async () => {
        const client = clientOf(inputs());
        const early = await tokenOf(client);
        pass(HOUR + 1);
        expect(await push(early)).to.equal(401);
        expect(await push(await tokenOf(client))).to.equal(200);
        expect(issued).to.equal(2);
    });

    it(`would not push after ${BUILD} s without the service account`, async () => {
        const client = clientOf({ ...inputs(), service_account: undefined });
        const early = await tokenOf(client);
        expect(await push(early)).to.equal(200);
        pass(BUILD);
        expect(await push(early)).to.equal(401);
    });

    it("would not be renewed with GitHub's token from the start", async () => {
        const early = issuer.token({ environment: "dev" });
        const client = clientOf(inputs(), { subject_token_supplier: { getSubjectToken: () => Promise.resolve(early) } });
        await tokenOf(client);
        pass(HOUR + 1);
        const error: unknown = await tokenOf(client).catch((refused: unknown) => refused);
        expect((error as Error).message).to.match(/invalid_grant: ID Token issued at \d+ is stale to sign-in/);
    });
});
