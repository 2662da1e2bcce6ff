import type { Change } from "../engine/change";
import type { Consequence } from "../classes";
import { isRemoval, undone, what } from "../wording";

/** Resources that answer or forward requests. */
const SERVES =
    /^(kubernetes:apps\/v1:(Deployment|StatefulSet|DaemonSet)|kubernetes:core\/v1:Service|kubernetes:networking\.k8s\.io\/v1:Ingress|kubernetes:gateway\.networking\.k8s\.io\/[^:]+:(Gateway|HTTPRoute)|gcp:compute\/(network:Network|subnetwork:Subnetwork|router:Router|routerNat:RouterNat|address:Address|globalAddress:GlobalAddress))$/;

/** Consequence of deleting one of them. */
export function servingConsequence(change: Change): Consequence | undefined {
    if (!isRemoval(change) || !SERVES.test(change.type)) {
        return undefined;
    }
    return { class: "service-interrupted", text: `${what(change)} is ${undone(change)}` };
}
