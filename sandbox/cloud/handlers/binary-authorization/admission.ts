import type { Access } from "../../access/access";
import { denialOf as permissionDenial } from "../../access/denial";
import { accountsOf } from "../../access/identities";
import type { ImageCheck } from "../../gke/clusters";
import { valueAt } from "../../json";
import type { Entry, Ledger } from "../../ledger";
import { serviceAgent } from "../service-usage/services";
import type { Attestations } from "./attestations";
import { denialOf } from "./evaluation";
import { policyOf } from "./policies";

const SERVICE = "binaryauthorization.googleapis.com";
const VERIFY = "binaryauthorization.attestors.verifyImageAttested";
const NOT_ATTESTED = "No attestations found that were valid and signed by a key trusted by the attestor";

/** Returns the check of a cluster's images; undefined if the cluster does not evaluate the policy of its project. */
export type ImageChecks = (cluster: Pick<Entry, "id" | "inputs">) => ImageCheck | undefined;

/** The checks of Binary Authorization. They read the policy at each pod, so a change of the policy applies to the next pod. */
export function imageChecks(ledger: Ledger, access: Access, attestations: Attestations): ImageChecks {
    return ({ id, inputs }) => {
        const [, project = "", , location = "", , name = ""] = id.split("/");
        // `enabled` is the older field of the same setting.
        const isOn =
            valueAt(inputs, "binaryAuthorization", "evaluationMode") === "PROJECT_SINGLETON_POLICY_ENFORCE" ||
            valueAt(inputs, "binaryAuthorization", "enabled") === true;
        const problemOf = (digest: string, attestor: string): string | undefined =>
            missingGrant(access, project, attestor) ?? (attestations.isAttested(digest, attestor) ? undefined : NOT_ATTESTED);
        const cluster = `${location}.${name}`;
        return isOn ? (image) => denialOf(policyOf(ledger, project), image, { cluster, problemOf }) : undefined;
    };
}

/**
 * The service agent of the cluster's project verifies attestations. In its own project, it has the permission.
 * https://cloud.google.com/binary-authorization/docs/multi-project-setup-cli
 */
function missingGrant(access: Access, project: string, attestor: string): string | undefined {
    const attributes = { service: SERVICE, name: attestor };
    const agent = {
        member: `serviceAccount:${serviceAgent(project, SERVICE)}`,
        memberOf: [accountsOf(project, "ServiceAgent")],
    };
    const isGranted = attestor.split("/")[1] === project || access.grants(agent, VERIFY, attributes);
    return isGranted ? undefined : permissionDenial(VERIFY, attributes);
}
