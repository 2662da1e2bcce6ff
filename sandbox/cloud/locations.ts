import { CloudError } from "./errors";

/** Zone letters of the regions that do not have exactly a, b and c. https://cloud.google.com/compute/docs/regions-zones */
const LETTERS: Readonly<Record<string, string>> = { "us-central1": "abcf", "us-east1": "bcd", "europe-west1": "bcd" };

/** https://cloud.google.com/compute/docs/regions-zones */
const REGIONS: ReadonlySet<string> = new Set([
    "africa-south1",
    ...["asia-east1", "asia-east2", "asia-northeast1", "asia-northeast2", "asia-northeast3", "asia-south1", "asia-south2"],
    ...["asia-southeast1", "asia-southeast2", "asia-southeast3", "australia-southeast1", "australia-southeast2"],
    ...["europe-central2", "europe-north1", "europe-north2", "europe-southwest1", "europe-west1", "europe-west2", "europe-west3"],
    ...["europe-west4", "europe-west6", "europe-west8", "europe-west9", "europe-west10", "europe-west12"],
    ...["me-central1", "me-central2", "me-west1", "northamerica-northeast1", "northamerica-northeast2", "northamerica-south1"],
    ...["southamerica-east1", "southamerica-west1", "us-central1", "us-east1", "us-east4", "us-east5", "us-south1"],
    ...["us-west1", "us-west2", "us-west3", "us-west4", "us-west8"],
]);

/** Locations that are not a region: multi-regions and `global`. */
const WIDE: ReadonlySet<string> = new Set(["global", "us", "eu", "europe", "asia", "nam4", "eur4", "asia1"]);

/** The zones of a region, or the zone itself. @throws CloudError for a location that does not exist */
export function zonesOf(location: string): readonly string[] {
    const region = location.replace(/-[a-z]$/, "");
    if (!REGIONS.has(region)) throw noSuchLocation(location);
    const zones = Array.from(LETTERS[region] ?? "abc", (letter) => `${region}-${letter}`);
    if (region === location) return zones;
    if (!zones.includes(location)) throw noSuchLocation(location);
    return [location];
}

/** @throws CloudError unless it is a region, a zone or a multi-region, in either case of letters */
export function checkLocation(location: string): void {
    if (!WIDE.has(location.toLowerCase())) zonesOf(location.toLowerCase());
}

function noSuchLocation(location: string): CloudError {
    return new CloudError(403, `Permission denied on 'locations/${location}' (or it may not exist)`);
}
