import { PreparedProject } from "../../bootstrap/prepared-project";
import type { BootstrapSettings } from "../../bootstrap/settings";
import type { JsonObject } from "../../sandbox/cloud/json";
import type { Ledger } from "../../sandbox/cloud/ledger";
import { projectNumber } from "../../sandbox/cloud/generated";
import { record } from "../components/recorded";

/** A role that `npm run bootstrap` grants. */
export interface Granted {
    /** Name in the program. */
    readonly name: string;
    /** Ledger type and ID of the resource with the policy. */
    readonly on: readonly [type: string, id: string];
    readonly role: string;
    readonly member: string;
    readonly condition?: JsonObject;
}

const at = (project: string) => `projects/${project}/locations/global/workloadIdentityPools/ml-platform`;

/** The grants of the program with some settings. */
export async function grantsOf(settings: BootstrapSettings): Promise<readonly Granted[]> {
    const { project, region } = settings;
    const email = (account: unknown) => `${String(account)}@${project}.iam.gserviceaccount.com`;
    const key = `projects/${project}/locations/${region}/keyRings/pulumi/cryptoKeys/stack-secrets`;
    const { resources } = await record((options) => new PreparedProject(settings.environment, settings, options), {
        answer: ({ type, inputs }) =>
            ({
                "gcp:serviceaccount/account:Account": {
                    member: `serviceAccount:${email(inputs.accountId)}`,
                    name: `projects/${project}/serviceAccounts/${email(inputs.accountId)}`,
                },
                "gcp:iam/workloadIdentityPool:WorkloadIdentityPool": { name: at(projectNumber(project)) },
            })[type] ?? {},
    });
    return resources.flatMap(({ type, name, inputs }) => {
        const on = (
            {
                "gcp:projects/iAMMember:IAMMember": ["cloudresourcemanager.googleapis.com/Project", `projects/${project}`],
                "gcp:storage/bucketIAMMember:BucketIAMMember": [BUCKET, inputs.bucket],
                "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember": ["cloudkms.googleapis.com/CryptoKey", key],
                "gcp:serviceaccount/iAMMember:IAMMember": ["iam.googleapis.com/ServiceAccount", inputs.serviceAccountId],
            } as const
        )[type];
        const { role, member, condition } = inputs as { role: string; member: string; condition?: JsonObject };
        return on === undefined
            ? []
            : [{ name, on: [on[0], String(on[1])] as const, role, member, ...(condition !== undefined && { condition }) }];
    });
}

const TIME = "2026-01-01T00:00:00Z";
const FIXED = { status: "RUNNING", claimed: true, createdAt: TIME, updatedAt: TIME, inputs: {} } as const;
const BUCKET = "storage.googleapis.com/Bucket";

/** Writes allow policies with these grants, and the resources that have them. The buckets are in one project. */
export function writePolicies(ledger: Ledger, grants: readonly Granted[], project: string): void {
    for (const id of new Set(grants.map(({ on }) => on[1]))) {
        const own = grants.filter(({ on }) => on[1] === id);
        const [type = ""] = own[0]?.on ?? [];
        const bindings = own.map(({ role, member, condition }) => ({
            role,
            members: [member],
            ...(condition !== undefined && { condition }),
        }));
        ledger.put({ ...FIXED, type, id, uuid: id, provisioned: { project }, policy: { version: 3, bindings } });
    }
}

/** Writes an empty bucket of a stack. Only its entry says which project it belongs to. */
export function writeBucket(ledger: Ledger, id: string, project: string): void {
    ledger.put({ ...FIXED, type: BUCKET, id, uuid: id, provisioned: { project } });
}
