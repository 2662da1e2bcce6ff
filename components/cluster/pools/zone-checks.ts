import { acceleratorOf, acceleratorZones } from "../../../gke/gpu-machines";
import { ZONE_SOURCE } from "../../../gke/accelerators";
import { regionOf, zonesOf } from "../../../gke/zones";
import { wordIntent } from "../../config/remedies/word-intent";
import { advise, choose, correct, keyOf, set } from "../../config/problem";
import { eachPool } from "./each-pool";
import type { Rule } from "../../config/rule";

const inRegion = (zones: readonly string[], region: string): readonly string[] => zones.filter((zone) => regionOf(zone) === region);

/** Nodes are in zones of the cluster's region, and these zones have the pool's machine type. */
export const poolZones: Rule<"cluster"> = ({ cluster }, report) => {
    const location = cluster?.location ?? "";
    const region = regionOf(location);
    const valid = zonesOf(region);
    if (valid.length === 0 || ![region, ...valid].includes(location)) {
        return;
    }
    cluster?.pools.forEach(({ zones, accelerator, machineType }, pool) => {
        if (acceleratorOf(accelerator).shutdown !== undefined) {
            return;
        }
        const offered = acceleratorZones(accelerator, machineType);
        const candidates = inRegion(offered, region);
        if (zones.length === 0) {
            const key = keyOf("cluster", "pools", pool, "accelerator");
            const regions = [...new Set(offered.map(regionOf))].join(", ");
            report(
                key,
                `no zone of ${location} has ${machineType} with ${accelerator} (${ZONE_SOURCE})`,
                candidates.length > 0
                    ? choose(keyOf("cluster", "pools", pool, "zones", 0), candidates)
                    : advise(`Choose another accelerator, or a cluster.location in one of: ${regions}`),
                [keyOf("cluster", "location"), keyOf("gcp:region")],
            );
        }
        zones.forEach((zone, index) => {
            const key = keyOf("cluster", "pools", pool, "zones", index);
            if (!valid.includes(zone)) {
                const words = candidates.length > 0 ? candidates : valid;
                report(
                    key,
                    `${zone} is not a zone of ${region}, which has ${valid.join(", ")}`,
                    correct(key, wordIntent(zone, words, { like: words })),
                );
            } else if (!offered.includes(zone)) {
                report(
                    key,
                    `${zone} has no ${machineType} with ${accelerator} (${ZONE_SOURCE})`,
                    candidates.length > 0
                        ? choose(key, candidates)
                        : advise(`Choose another accelerator: no zone of ${region} has this one`),
                );
            }
        });
    });
};

/**
 * Compact placement requires one zone and surge upgrades, and does not support N1.
 * Source: https://cloud.google.com/kubernetes-engine/docs/how-to/compact-placement#limitations
 */
export const compactPlacement = eachPool(({ compactPlacement, accelerator, zones, upgrade }, at, report) => {
    if (!compactPlacement) {
        return;
    }
    if (acceleratorOf(accelerator).attachments.length > 0) {
        report(
            at("compactPlacement"),
            `is true, but ${accelerator} is on N1 machines, which do not support compact placement`,
            set(at("compactPlacement"), false),
        );
        return;
    }
    if (zones.length > 1) {
        report(
            at("zones"),
            `are ${zones.join(", ")}, but compactPlacement keeps all nodes in one zone`,
            advise(`Name one zone in ${at("zones")}`),
        );
    }
    if (upgrade.strategy === "blue-green") {
        const key = at("upgrade", "strategy");
        report(key, "is blue-green, but compactPlacement allows surge upgrades only", set(key, "surge"));
    }
});
