import { capacityKind } from "./config";
import { advise, set } from "../../config/problem";
import { eachPool } from "./each-pool";

/**
 * Queued provisioning is a way to get flex-start nodes: all nodes of a run at once, when its queue asks for them. Google Cloud refuses it with a compact placement.
 * Sources: https://cloud.google.com/kubernetes-engine/docs/how-to/provisioningrequest, and for the placement GoogleCloudPlatform/cluster-toolkit#3582
 */
export const queuedCapacity = eachPool(({ queuedProvisioning, capacity, compactPlacement }, at, report) => {
    if (!queuedProvisioning) {
        return;
    }
    if (capacity.length > 1 || capacity[0] !== "flex-start") {
        report(
            at("queuedProvisioning"),
            `is true, but capacity is ${capacity.map(capacityKind).join(", ")}: a queue asks for flex-start nodes, and for no others`,
            advise(`Set ${at("capacity")} to flex-start, or remove ${at("queuedProvisioning")}.`),
        );
    }
    if (compactPlacement) {
        report(at("compactPlacement"), "is true, but queuedProvisioning allows no compact placement", set(at("compactPlacement"), false));
    }
});
