import { expect } from "chai";
import { projectNumber } from "../../../../../cloud/generated";
import { diffInputs } from "../../../../../providers/gcp/diff";
import type { Properties } from "../../../../../providers/property-values";
import { MappedProvider, refusal } from "../mapped-provider";

const ROLE = "gcp:projects/iAMCustomRole:IAMCustomRole";
const POOL = "gcp:iam/workloadIdentityPool:WorkloadIdentityPool";
const PROVIDER = "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider";
const POOL_ID = "projects/p/locations/global/workloadIdentityPools/ml-platform";

const role = { project: "p", roleId: "mlReader", title: "ML reader", permissions: ["artifactregistry.repositories.get"] };
const pool = { project: "p", workloadIdentityPoolId: "ml-platform", description: "Workflows" };
const provider = {
    ...{ project: "p", workloadIdentityPoolId: "ml-platform", workloadIdentityPoolProviderId: "github" },
    attributeMapping: { "google.subject": "assertion.sub" },
    attributeCondition: 'assertion.repository == "my-organization/ml"',
    oidc: { issuerUri: "https://token.actions.githubusercontent.com" },
};
/** Each resource after those that it depends on. */
const ALL: readonly (readonly [type: string, id: string, inputs: Properties])[] = [
    [ROLE, "projects/p/roles/mlReader", role],
    [POOL, POOL_ID, pool],
    [PROVIDER, `${POOL_ID}/providers/github`, provider],
];

describe("custom roles and workload identity pools", () => {
    let gcp: MappedProvider;

    beforeEach(async () => {
        gcp = await MappedProvider.start();
    });

    afterEach(() => {
        gcp.stop();
    });

    it("are created, read, imported and deleted", async () => {
        for (const [type, id, inputs] of ALL) {
            expect((await gcp.create(type, inputs)).id).to.equal(id);
            expect((await gcp.read(type, id, inputs))?.inputs, type).to.deep.equal({ ...inputs, __defaults: [] });
            expect((await gcp.read(type, id))?.inputs, type).to.deep.equal({ ...inputs, __defaults: [] });
            expect(await refusal(gcp.create(type, inputs)), type).to.match(/^googleapi: Error 409: .* already exists/);
        }
        expect((await gcp.read(POOL, POOL_ID, pool))?.outputs).to.include({
            name: POOL_ID.replace("projects/p", `projects/${projectNumber("p")}`),
            state: "ACTIVE",
        });
        for (const [type, id, inputs] of [...ALL].reverse()) {
            await gcp.delete(type, id, inputs);
            expect(await gcp.read(type, id, inputs)).to.equal(undefined);
        }
    });

    it("are updated, and a deleted pool deletes its providers", async () => {
        for (const [type, , inputs] of ALL) {
            await gcp.create(type, inputs);
        }
        const permissions = ["artifactregistry.repositories.list"];
        expect((await gcp.update(ROLE, "projects/p/roles/mlReader", role, { ...role, permissions })).permissions).to.deep.equal(
            permissions,
        );
        expect((await gcp.update(POOL, POOL_ID, pool, { ...pool, disabled: true })).disabled).to.equal(true);
        const changed = { ...provider, attributeCondition: 'assertion.repository_owner == "my-organization"' };
        const outputs = await gcp.update(PROVIDER, `${POOL_ID}/providers/github`, provider, changed);
        expect(outputs.attributeCondition).to.equal(changed.attributeCondition);
        await gcp.delete(POOL, POOL_ID, pool);
        expect(await gcp.read(PROVIDER, `${POOL_ID}/providers/github`, provider)).to.equal(undefined);
    });

    for (const [what, change, message] of [
        ["without a pool", { workloadIdentityPoolId: "none" }, "none' was not found"],
        [
            "without a condition for a shared issuer",
            { attributeCondition: undefined },
            "The attribute condition must reference one of the provider's claims.",
        ],
        [
            "with a condition that names no claim",
            { attributeCondition: "true" },
            "The attribute condition must reference one of the provider's claims.",
        ],
        ["without a subject", { attributeMapping: { "attribute.a": "assertion.a" } }, "The attribute mapping must include google.subject."],
        ["of an issuer without TLS", { oidc: { issuerUri: "http://example.com" } }, "The issuer URI must be an HTTPS endpoint."],
        ["with a reserved ID", { workloadIdentityPoolProviderId: "gcp-own" }, "Invalid workloadIdentityPoolProviderId 'gcp-own'"],
        ["with a long name", { displayName: "x".repeat(33) }, "The display_name must have at most 32 characters."],
    ] as const) {
        it(`refuse a provider ${what}`, async () => {
            await gcp.create(POOL, pool);
            expect(await refusal(gcp.create(PROVIDER, { ...provider, ...change }))).to.contain(message);
        });
    }

    for (const [edit, type, before, change, replaces] of [
        ["permissions", ROLE, role, { permissions: ["a.b.c"] }, false],
        ["roleId", ROLE, role, { roleId: "other" }, true],
        ["workloadIdentityPoolId", POOL, pool, { workloadIdentityPoolId: "other" }, true],
        ["attributeCondition", PROVIDER, provider, { attributeCondition: "assertion.a == 'b'" }, false],
        ["oidc", PROVIDER, provider, { oidc: { issuerUri: "https://gitlab.com" } }, false],
    ] as const) {
        it(`show the same difference as with the official provider for ${edit}`, () => {
            const { changes } = diffInputs(type, before, { ...before, ...change });
            expect([[...new Set(changes.map(({ path }) => path[0]))], changes.some((change) => change.replaces)]).to.deep.equal([
                [edit],
                replaces,
            ]);
        });
    }

    it("are found after an interrupted update", async () => {
        for (const [token, id, inputs] of ALL) {
            await gcp.create(token, inputs);
            expect(gcp.existingId(token, inputs), token).to.equal(id);
            expect((await gcp.read(token, id, inputs))?.inputs, token).to.deep.equal({ ...inputs, __defaults: [] });
        }
    });
});
