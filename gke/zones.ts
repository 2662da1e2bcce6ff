/** Regions of Google Cloud and the letters of their zones. Source: https://cloud.google.com/compute/docs/regions-zones */
const ZONE_LETTERS: Readonly<Record<string, string>> = {
    "africa-south1": "abc",
    "asia-east1": "abc",
    "asia-east2": "abc",
    "asia-northeast1": "abc",
    "asia-northeast2": "abc",
    "asia-northeast3": "abc",
    "asia-south1": "abc",
    "asia-south2": "abc",
    "asia-southeast1": "abc",
    "asia-southeast2": "abc",
    "asia-southeast3": "abc",
    "australia-southeast1": "abc",
    "australia-southeast2": "abc",
    "europe-central2": "abc",
    "europe-north1": "abc",
    "europe-north2": "abc",
    "europe-southwest1": "abc",
    "europe-west1": "bcd",
    "europe-west10": "abc",
    "europe-west12": "abc",
    "europe-west2": "abc",
    "europe-west3": "abc",
    "europe-west4": "abc",
    "europe-west6": "abc",
    "europe-west8": "abc",
    "europe-west9": "abc",
    "me-central1": "abc",
    "me-central2": "abc",
    "me-west1": "abc",
    "northamerica-northeast1": "abc",
    "northamerica-northeast2": "abc",
    "northamerica-south1": "abc",
    "southamerica-east1": "abc",
    "southamerica-west1": "abc",
    "us-central1": "abcf",
    "us-east1": "bcd",
    "us-east4": "abc",
    "us-east5": "abc",
    "us-south1": "abc",
    "us-west1": "abc",
    "us-west2": "abc",
    "us-west3": "abc",
    "us-west4": "abc",
};

export const regions: readonly string[] = Object.keys(ZONE_LETTERS);

/** The zones of a region; empty for an unknown region. */
export const zonesOf = (region: string): readonly string[] =>
    Array.from((Object.hasOwn(ZONE_LETTERS, region) ? ZONE_LETTERS[region] : undefined) ?? "", (letter) => `${region}-${letter}`);

export const zones: readonly string[] = regions.flatMap(zonesOf);

/**
 * AWS regions with names that differ from a Google Cloud region only by a hyphen. Their locations differ: `us-west-2` is in Oregon, `us-west2` in Los Angeles.
 * Source: https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
 */
export const awsNamesakes: readonly string[] = ["us-east-1", "us-west-1", "us-west-2", "me-central-1"];

/** The region of a zone, or the region itself. */
export const regionOf = (location: string): string => location.replace(/-[a-z]$/, "");

/** Multi-regional locations of Artifact Registry. Source: https://cloud.google.com/artifact-registry/docs/repositories/repo-locations */
export const multiRegions: readonly string[] = ["asia", "europe", "us"];
