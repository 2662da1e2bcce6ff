import { regionOf, zonesOf as zonesOfRegion } from "../../gke/zones";
import { CloudError } from "./errors";

/** Locations that are not a region: multi-regions and `global`. */
const WIDE: ReadonlySet<string> = new Set(["global", "us", "eu", "europe", "asia", "nam4", "eur4", "asia1"]);

/** The zones of a region, or the zone itself. @throws CloudError for a location that does not exist */
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

/** @throws CloudError unless it is a region, a zone or a multi-region, in either case of letters */
export function checkLocation(location: string): void {
    if (!WIDE.has(location.toLowerCase())) {
        zonesOf(location.toLowerCase());
    }
}

function noSuchLocation(location: string): CloudError {
    return new CloudError(403, `Permission denied on 'locations/${location}' (or it may not exist)`);
}
