import { expect } from "chai";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { Access } from "../../../cloud/access/access";
import { checkMethod } from "../../../cloud/access/check";
import type { ApiError } from "../../../cloud/api/api-error";
import type { JsonObject } from "../../../cloud/json";
import { Ledger } from "../../../cloud/ledger";

const MEMBER = "serviceAccount:ci@p.iam.gserviceaccount.com";
const NODES = "nodes@p.iam.gserviceaccount.com";
const POOL: JsonObject = { nodePool: { config: { serviceAccount: NODES } } };

describe("permission checks", () => {
    let folder: string;
    let ledger: Ledger;

    beforeEach(() => {
        folder = mkdtempSync(path.join(tmpdir(), "check-"));
        ledger = Ledger.open(path.join(folder, "ledger.json"));
    });

    afterEach(() => {
        rmSync(folder, { recursive: true });
    });

    function grant(id: string, ...roles: string[]): void {
        const time = "2026-01-01T00:00:00Z";
        const fixed = { uuid: id, status: "RUNNING", provisioned: {}, createdAt: time, updatedAt: time } as const;
        const bindings = roles.map((role) => ({ role, members: [MEMBER] }));
        ledger.put({ ...fixed, type: "any", id, inputs: {}, policy: { bindings } });
    }

    function thrownBy(check: () => void): unknown {
        try {
            check();
            return undefined;
        } catch (error) {
            return error;
        }
    }

    const method = (id: string, member?: string, body?: JsonObject) =>
        thrownBy(() => {
            const attributes = { service: "iam.googleapis.com", name: "projects/p", modifiedRoles: [] };
            checkMethod(new Access(ledger), member === undefined ? {} : { member }, id, attributes, body);
        }) as ApiError | undefined;

    it("name the permission that a method requires, in the message and in the details", () => {
        const body = method("iam.projects.serviceAccounts.create", MEMBER)?.body;
        expect(body).to.deep.equal({
            error: {
                code: 403,
                message: "Permission 'iam.serviceAccounts.create' denied on resource (or it may not exist).",
                status: "PERMISSION_DENIED",
                details: [
                    {
                        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                        reason: "IAM_PERMISSION_DENIED",
                        domain: "iam.googleapis.com",
                        metadata: { permission: "iam.serviceAccounts.create", resource: "projects/p" },
                    },
                ],
            },
        });
    });

    it("accept a method with all of its permissions, and not with some of them", () => {
        const patch = "iam.projects.serviceAccounts.patch";
        grant("projects/p", "roles/viewer");
        expect(method(patch, MEMBER)?.message).to.contain("'iam.serviceAccounts.update'");
        grant("projects/p", "roles/iam.serviceAccountAdmin");
        expect(method(patch, MEMBER)).to.equal(undefined);
        expect(method(patch, "serviceAccount:other@p.iam.gserviceaccount.com")?.code).to.equal(403);
    });

    it("require permission to run nodes and builds as their service account", () => {
        const create = "container.projects.locations.clusters.nodePools.create";
        grant("projects/p", "roles/container.admin");
        expect(method(create, MEMBER, POOL)?.message).to.equal(
            `The user does not have access to service account "${NODES}". Ask a project owner to grant you the iam.serviceAccountUser role on the service account.`,
        );
        grant(`projects/p/serviceAccounts/${NODES}`, "roles/iam.serviceAccountUser");
        expect(method(create, MEMBER, POOL)).to.equal(undefined);
        const trigger = { serviceAccount: "projects/p/serviceAccounts/build@p.iam.gserviceaccount.com" };
        grant("projects/p", "roles/cloudbuild.builds.editor");
        const attributes = { service: "cloudbuild.googleapis.com", name: "projects/p", modifiedRoles: [] };
        const patch = (body: JsonObject) =>
            thrownBy(() => {
                checkMethod(new Access(ledger), { member: MEMBER }, "cloudbuild.projects.locations.triggers.patch", attributes, body);
            }) as ApiError | undefined;
        expect(patch(trigger)?.message).to.equal(
            "caller does not have permission to act as service account build@p.iam.gserviceaccount.com",
        );
        expect(patch({})).to.equal(undefined);
    });
});
