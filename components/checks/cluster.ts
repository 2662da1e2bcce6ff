import { closest } from "fastest-levenshtein";

import type { Rule } from "./rule";
import { keyOf, remove, set } from "../problem";
import { multiRegions, regions, zones } from "../regions";

/** The locations of the registry and of the cluster exist. */
export const knownLocations: Rule = ({ region, registry, cluster }) => {
    const given = [
        {
            key: keyOf("registry", "location"),
            location: registry?.location,
            valid: [...regions, ...multiRegions],
            kind: "region or multi-region",
        },
        { key: keyOf("cluster", "location"), location: cluster?.location, valid: [...regions, ...zones], kind: "region or zone" },
    ];
    return given.flatMap(({ key, location, valid, kind }) => {
        // The region that is the default has a rule of its own.
        if (location === undefined || location === region || valid.includes(location)) {
            return [];
        }
        const nearest = closest(location, valid);
        return [{ key, problem: `${location} is no ${kind} of Google Cloud; the nearest is ${nearest}`, remedy: set(key, nearest) }];
    });
};

/** A control plane with a public address says who may reach it. */
export const publicEndpointIsGuarded: Rule = ({ cluster }) =>
    cluster?.publicEndpoint && cluster.authorizedNetworks.length === 0
        ? [
              {
                  key: keyOf("cluster", "publicEndpoint"),
                  problem: "is true, but authorizedNetworks is empty: nobody could reach the control plane there, or everybody",
                  remedy: remove(keyOf("cluster", "publicEndpoint")),
              },
          ]
        : [];

/** No authorized network is the whole internet, or a large part of it. */
export const authorizedNetworksAreNarrow: Rule = ({ cluster }) =>
    (cluster?.authorizedNetworks ?? []).flatMap(({ name, cidr }, index) => {
        const key = keyOf("cluster", "authorizedNetworks", index);
        return Number(cidr.split("/")[1]) >= 8
            ? []
            : [{ key, problem: `${name} (${cidr}) opens the control plane to more than a /8`, remedy: remove(key) }];
    });
