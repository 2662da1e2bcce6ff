import type { Rule } from "../config/rule";
import { correct, keyOf, remove } from "../config/problem";
import { locationIntent } from "../project/locations";
import { multiRegions, regions, zones } from "../../gke/zones";

/** The locations of the registry and of the cluster exist. */
export const knownLocations: Rule = ({ region, registry, cluster }, report) => {
    const given = [
        {
            key: keyOf("registry", "location"),
            location: registry?.location,
            valid: [...regions, ...multiRegions],
            kind: "region or multi-region",
        },
        { key: keyOf("cluster", "location"), location: cluster?.location, valid: [...regions, ...zones], kind: "region or zone" },
    ];
    for (const { key, location, valid, kind } of given) {
        // Another rule checks the default region.
        if (location === undefined || location === region || valid.includes(location)) {
            continue;
        }
        report(key, `${location} is not a ${kind} of Google Cloud`, correct(key, locationIntent(location, valid)));
    }
};

/** A control plane with a public address says who may reach it. */
export const publicEndpointIsGuarded: Rule = ({ cluster }, report) => {
    if (cluster?.publicEndpoint && cluster.authorizedNetworks.length === 0) {
        const key = keyOf("cluster", "publicEndpoint");
        report(key, "is true, but authorizedNetworks is empty: nobody could reach the control plane there, or everybody", remove(key));
    }
};

/** No authorized network is the whole internet, or a large part of it. */
export const authorizedNetworksAreNarrow: Rule = ({ cluster }, report) => {
    cluster?.authorizedNetworks.forEach(({ name, cidr }, index) => {
        if (Number(cidr.split("/")[1]) < 8) {
            const key = keyOf("cluster", "authorizedNetworks", index);
            report(key, `${name} (${cidr}) opens the control plane to more than a /8`, remove(key));
        }
    });
};
