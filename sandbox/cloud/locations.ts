import { regionOf, zonesOf as zonesOfRegion } from "../../gke/zones";
import { CloudError } from "./errors";

/** Locations that are not regions: multi-regions and `global`. */
const WIDE: ReadonlySet<string> = new Set(["global", "us", "eu", "europe", "asia", "nam4", "eur4", "asia1"]);

/** Returns the zones of a region, or a zone itself. @throws CloudError for an unknown location */
export function zonesOf(location: string): readonly string[] {
    const zones = zonesOfRegion(regionOf(location));
    if (zones.length === 0) {
        throw noSuchLocation(location);
    }
    if (regionOf(location) === location) {
        return zones;
    }
    if (!zones.includes(location)) {
        throw noSuchLocation(location);
    }
    return [location];
}

/** @throws CloudError unless the location is a region, a zone or a multi-region. Ignores case. */
export function checkLocation(location: string): void {
    if (!WIDE.has(location.toLowerCase())) {
        zonesOf(location.toLowerCase());
    }
}

/**
 * @param multiRegions multi-regions that the service supports
 * @throws CloudError unless the location is a region or one of the multi-regions
 */
export function checkRegion(location: string, multiRegions: readonly string[]): void {
    if (!multiRegions.includes(location) && (regionOf(location) !== location || zonesOfRegion(location).length === 0)) {
        throw noSuchLocation(location);
    }
}

function noSuchLocation(location: string): CloudError {
    return new CloudError(403, `Permission denied on 'locations/${location}' (or it may not exist)`);
}
