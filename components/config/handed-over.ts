import { keyOf, projectName } from "./problem";

/** Configuration values by their full key (`gcp:region`, `ml-platform:cluster`), objects as objects. Keys of other namespaces are ignored. */
export type RawConfig = Readonly<Record<string, unknown>>;

/**
 * Values by key, as the schemas spell keys. A project that `pulumi new` made has another name, and the engine stores the defaults of `Pulumi.yaml`
 * under it; stack files keep their namespace, and take precedence.
 * @param values as the engine passes them to the program
 * @param project name of the Pulumi project
 */
export function ownKeys(values: Readonly<Record<string, string>>, project: string): RawConfig {
    const own = `${project}:`;
    const entries = Object.entries(values).map(([key, value]) => [key, structured(value)] as const);
    const defaults = entries.filter(([key]) => key.startsWith(own)).map(([key, value]) => [keyOf(key.slice(own.length)), value] as const);
    return Object.fromEntries([...defaults, ...entries.filter(([key]) => !key.startsWith(own) || project === projectName)]);
}

/** Pulumi passes objects and lists as JSON. Other values are text. */
function structured(value: string): unknown {
    try {
        const parsed: unknown = JSON.parse(value);
        return typeof parsed === "object" ? parsed : value;
    } catch {
        return value;
    }
}
