import { regions } from "../../../gke/zones";
import { type Handler, textOf } from "../api/service";
import type { JsonObject } from "../json";
import { checkRegion } from "../locations";
import { shortName } from "../resource-name";
import { pageOf } from "./common/pages";

/** The sandbox never needs a second page. */
const MOST_OF_A_PAGE = 1000;

/**
 * The methods get and list of an API's locations. https://cloud.google.com/kms/docs/reference/rest/v1/projects.locations/list
 * @param prefix method ID of the locations, such as `cloudkms.projects.locations`
 * @param others locations besides regions, such as `global`
 */
export function locationMethods(prefix: string, others: readonly string[]): Readonly<Record<string, Handler>> {
    const view = (name: string): JsonObject => {
        const locationId = shortName(name);
        const isRegion = !others.includes(locationId);
        return { name, locationId, ...(isRegion && { labels: { "cloud.googleapis.com/region": locationId } }) };
    };
    return {
        [`${prefix}.get`]: (call) => {
            const name = textOf(call, "name");
            checkRegion(shortName(name), others);
            return view(name);
        },
        [`${prefix}.list`]: (call) => {
            const all = [...others, ...regions].sort().map((id) => view(`${textOf(call, "name")}/locations/${id}`));
            return pageOf("locations", all, call.parameters, MOST_OF_A_PAGE);
        },
    };
}
