import { regions, zones } from "../../../../gke/zones";
import { type Call, textOf } from "../../api/service";
import type { JsonObject, JsonValue } from "../../json";
import { invalidField } from "./compute-error";

/** The address of a resource at Google, or at the sandbox: gcloud builds references with the address of its endpoint. */
const URL_OF = /^https?:\/\/(?:(?:www|compute)\.googleapis\.com|[^/]+\/compute\.googleapis\.com)\/compute\/[^/]+\//;
/** A region, a zone, or a resource in one of them or in the whole project. */
const LOCAL = /^(?:global\/[a-zA-Z]+\/[^/]+|(?:regions|zones)\/[^/]+(?:\/[a-zA-Z]+\/[^/]+)?)$/;
const NAME = new RegExp(`^projects/[^/]+(?:/${LOCAL.source.slice(1, -1)})?$`);

/**
 * Returns the name in a reference to a resource of Compute Engine, such as `projects/p/global/networks/n`.
 * @param project for references that begin with `global`, `regions` or `zones`. Default: they are not recognized
 * @returns undefined for any other text
 */
export function nameIn(text: string, project?: string): string | undefined {
    const name = text.replace(URL_OF, "");
    const full = project !== undefined && LOCAL.test(name) ? `projects/${project}/${name}` : name;
    return NAME.test(full) ? full : undefined;
}

/**
 * Returns the name of the collection of a call.
 * @param path its last part, such as `networks`
 * @throws ReasonError for an unknown region or zone
 */
export function collectionOf(call: Call, path: string): string {
    const scope = ["region", "zone"].find((name) => name in call.parameters);
    const place = scope === undefined ? "" : textOf(call, scope);
    if (scope !== undefined && !(scope === "zone" ? zones : regions).includes(place)) {
        throw invalidField(scope, place, `Unknown ${scope}.`);
    }
    return `projects/${textOf(call, "project")}/${scope === undefined ? "global" : `${scope}s/${place}`}/${path}`;
}

/** Returns the region or zone of a resource as a field of it. Global resources have none. */
export function placeOf(name: string): JsonObject {
    const [, project = "", scope = "", place = ""] = name.split("/");
    return scope === "global" ? {} : { [scope.slice(0, -1)]: `projects/${project}/${scope}/${place}` };
}

/** Returns a copy in which `change` replaced every text. */
export function withTexts(value: JsonObject, change: (text: string) => string): JsonObject {
    const copy = JSON.stringify(value);
    return JSON.parse(copy, (_, inner: JsonValue) => (typeof inner === "string" ? change(inner) : inner)) as JsonObject;
}

/** Returns a value with URLs instead of names. @param version `v1` or `beta` */
export function withUrls(value: JsonObject, version: string): JsonObject {
    return withTexts(value, (text) => (NAME.test(text) ? `https://www.googleapis.com/compute/${version}/${text}` : text));
}

/** Whether two texts refer to the same resource of Compute Engine: URLs of any version, names and short names. */
export function isSameResource(one: unknown, other: unknown): boolean {
    const [a = "", b = ""] = [one, other].map((text) => (typeof text === "string" ? (nameIn(text) ?? text) : ""));
    const isShort = (short: string, name: string): boolean => NAME.test(name) && (name === short || name.endsWith(`/${short}`));
    return a !== "" && b !== "" && (isShort(a, b) || isShort(b, a));
}
