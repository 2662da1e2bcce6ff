import { regionOf, zonesOf as zonesOfRegion } from "../../gke/zones";
import { ApiError } from "./api/api-error";

/** Returns the zones of a region, or a zone itself. @throws ApiError for an unknown location */
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

/**
 * @param multiRegions multi-regions that the service supports
 * @throws ApiError unless the location is a region or one of the multi-regions
 */
export function checkRegion(location: string, multiRegions: readonly string[]): void {
    if (!multiRegions.includes(location) && (regionOf(location) !== location || zonesOfRegion(location).length === 0)) {
        throw noSuchLocation(location);
    }
}

function noSuchLocation(location: string): ApiError {
    return new ApiError("PERMISSION_DENIED", `Permission denied on 'locations/${location}' (or it may not exist)`);
}
