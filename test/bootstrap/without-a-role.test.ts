import { expect } from "chai";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { BootstrapSettings } from "../../bootstrap/settings";
import { APIS } from "../../gke/apis";
import { Access } from "../../sandbox/cloud/access/access";
import { denialOf } from "../../sandbox/cloud/access/denial";
import { Identities, type Identity, serviceAccount } from "../../sandbox/cloud/access/identities";
import { projectNumber } from "../../sandbox/cloud/generated";
import { enableApis } from "../../sandbox/cloud/handlers/service-usage/enabled-apis";
import { Ledger } from "../../sandbox/cloud/ledger";
import { testApi } from "../../sandbox/test/cloud/test-api";
import { type Call, deployment, type Place, preview, sharing, type Work } from "./calls";
import { type Granted, grantsOf, writeBucket, writePolicies } from "./granted";

const DEV: BootstrapSettings = {
    ...{ project: "ml-dev", home: "ml-dev", environment: "dev" },
    ...{ region: "us-central1", repository: "my-organization/ml-platform", pulumiProject: "ml-platform" },
};
const PROD: BootstrapSettings = { ...DEV, project: "ml-prod", environment: "prod" };
const PREVIEWER = "pull-request-preview@ml-dev.iam.gserviceaccount.com";

/** A refusal names the missing permission. */
interface Refusal {
    readonly permission: string;
    readonly message: string;
}

/** The simulated APIs of both projects with some grants. */
async function withGrants<Result>(grants: readonly Granted[], work: (cloud: Cloud) => Promise<Result>): Promise<Result> {
    const folder = mkdtempSync(path.join(tmpdir(), "without-a-role-"));
    const ledger = Ledger.open(path.join(folder, "ledger.json"));
    const identities = new Identities(() => "");
    const access = new Access(ledger);
    for (const project of [DEV.project, PROD.project]) {
        enableApis(ledger, project, Object.keys(APIS));
        writeBucket(ledger, `${project}-checkpoints`, project);
    }
    writePolicies(ledger, grants, DEV.project);
    const server = createServer(testApi(ledger, { identities, access }));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
        return await work(new Cloud(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, ledger, identities, access));
    } finally {
        server.close();
        server.closeAllConnections();
        rmSync(folder, { recursive: true });
    }
}

class Cloud {
    constructor(
        private readonly url: string,
        private readonly ledger: Ledger,
        private readonly identities: Identities,
        private readonly access: Access,
    ) {}

    policyOf(project: string): unknown {
        return this.ledger.get("cloudresourcemanager.googleapis.com/Project", `projects/${project}`)?.policy;
    }

    /** Yields the refusals of an identity's work, in order. */
    async *refusals(caller: Identity, { calls, uses }: Work): AsyncGenerator<Refusal> {
        for (const { permission, ...attributes } of uses) {
            if (!this.access.grants(caller, permission, attributes)) {
                yield { permission, message: denialOf(permission, attributes) };
            }
        }
        const { accessToken } = this.identities.issue(caller, 3600);
        for (const call of calls) {
            const refusal = await this.call(call, accessToken);
            if (refusal !== undefined) {
                yield refusal;
            }
        }
    }

    private async call({ method, path, body }: Call, token: string): Promise<Refusal | undefined> {
        const response = await fetch(`${this.url}/${path}`, {
            method,
            headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
            ...(body !== undefined && { body: JSON.stringify(body) }),
        });
        const text = await response.text();
        if (response.status !== 403) {
            return undefined;
        }
        const { error } = JSON.parse(text) as { error: { message: string; details?: { metadata?: { permission?: string } }[] } };
        // Not every API has details, but then the message names the permission.
        const named = error.details?.[0]?.metadata?.permission ?? /\b[a-z]+\.[a-zA-Z]+\.[a-zA-Z]+\b/.exec(error.message)?.[0];
        const isAboutAccount = /iam\.serviceAccountUser|act as service account/.test(error.message);
        return { permission: isAboutAccount ? "iam.serviceAccounts.actAs" : (named ?? error.message), message: error.message };
    }
}

const placeOf = ({ project, environment, region }: BootstrapSettings): Place => ({
    ...{ project, environment, bucket: "ml-dev-pulumi-state" },
    key: `projects/${project}/locations/${region}/keyRings/pulumi/cryptoKeys/stack-secrets`,
});

/** A workflow that impersonates the account of a grant. */
function impersonation({ member, on: [, account] }: Granted, project: string): readonly [Identity, Work] {
    const pool = `iam.googleapis.com/projects/${projectNumber(project)}/locations/global/workloadIdentityPools/ml-platform`;
    const email = account.split("/").at(-1) ?? "";
    const path = `iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${email}:generateAccessToken`;
    const call = { id: "iamcredentials.projects.serviceAccounts.generateAccessToken", method: "POST", path, body: { scope: ["all"] } };
    return [
        { member: `principal://${pool}/subject/workflow`, memberOf: [member] },
        { calls: [call], uses: [] },
    ];
}

/** The identity that a grant is for, and its work. */
function workOf(cloud: Cloud, granted: Granted, settings: BootstrapSettings): readonly [Identity, Work] {
    const place = placeOf(settings);
    if (granted.name.endsWith("-workflows")) {
        return impersonation(granted, settings.project);
    }
    if (granted.name.startsWith("home-")) {
        return [serviceAccount("deploy@ml-dev.iam.gserviceaccount.com"), sharing(settings.project)];
    }
    return granted.name.startsWith("preview-")
        ? [serviceAccount(PREVIEWER), preview(place)]
        : [serviceAccount(`deploy@${settings.project}.iam.gserviceaccount.com`), deployment(place, cloud.policyOf(settings.project))];
}

/** Rows of the tables in the documentation: what a role is for, and a permission that is missing without it. */
const ROWS = [...readFileSync("docs/google-cloud.md", "utf8").matchAll(/^\| `(roles\/[\w.]+)`\s+\| ([^|]+?)\s+\| `([\w.]+)`\s+\|$/gm)].map(
    ([, role = "", , permission = ""]) => ({ role, permission }),
);

describe("npm run bootstrap", () => {
    let all: readonly Granted[];
    const own = new Map<BootstrapSettings, readonly Granted[]>();

    before(async () => {
        for (const settings of [DEV, PROD]) {
            own.set(settings, await grantsOf(settings));
        }
        all = [...own.values()].flat();
    });

    for (const settings of [DEV, PROD]) {
        it(`grants what deployments and previews of ${settings.environment} ask for`, async () => {
            await withGrants(all, async (cloud) => {
                const first = (own.get(settings) ?? []).filter(({ name }, position, grants) => {
                    const identity = name.split("-")[0];
                    return name.endsWith("-workflows") || grants.findIndex((other) => other.name.split("-")[0] === identity) === position;
                });
                for (const granted of first) {
                    const refused = [];
                    for await (const refusal of cloud.refusals(...workOf(cloud, granted, settings))) {
                        refused.push(refusal.message);
                    }
                    expect(refused, granted.name).to.deep.equal([]);
                }
            });
        });

        it(`grants no role of ${settings.environment} that nothing asks for: without any one, a call is refused and the permission named`, async () => {
            const grants = own.get(settings) ?? [];
            expect(grants.length).to.be.greaterThan(15);
            for (const granted of grants) {
                const documented = ROWS.filter(({ role }) => role === granted.role).map(({ permission }) => permission);
                await withGrants(
                    all.filter((other) => other !== granted),
                    async (cloud) => {
                        const named = new Set<string>();
                        for await (const { permission } of cloud.refusals(...workOf(cloud, granted, settings))) {
                            named.add(permission);
                            if (documented.includes(permission)) {
                                return;
                            }
                        }
                        const found = `docs/google-cloud.md names ${documented.join(", ") || "nothing"}; missing are ${[...named].join(", ") || "none"}`;
                        expect.fail(`Without ${granted.name}: ${found}`);
                    },
                );
            }
        });
    }
});
