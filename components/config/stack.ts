import type { DeepReadonly } from "./fields";
import type { SectionName, sections } from "./sections";
import type { Environment } from "../project/config";

/** Each section as its entry in the table resolves it; undefined if it is not created. */
type Sections = { readonly [S in SectionName]: DeepReadonly<ReturnType<(typeof sections)[S]["resolve"]>> | undefined };

/** The whole configuration of a stack, with every default filled in. A section that is undefined is not created. */
export interface StackConfig extends Omit<Sections, "environment"> {
    /** Name of the stack. */
    readonly stack: string;
    /** Google Cloud project, `gcp:project`. */
    readonly project: string;
    /** Region, `gcp:region`. */
    readonly region: string;
    readonly environment: Environment;
    /** Whether resources that hold data or serve users are protected from deletion: true in prod. */
    readonly protect: boolean;
}

/** The sections that have workloads, each workload with the nodes of its pods. */
type PlacedSections = {
    readonly [S in SectionName as (typeof sections)[S] extends { readonly place: unknown } ? S : never]: (typeof sections)[S] extends {
        readonly place: (...given: never[]) => infer Placed;
    }
        ? Placed | undefined
        : never;
};

/** A configuration that passes every rule. */
export type ValidConfig = Omit<StackConfig, keyof PlacedSections> & PlacedSections;

/** A section of the stack file, and the namespace that it has in the cluster. */
export type SectionNamespace = readonly [section: string, namespace: string];

/** The namespaces of the sections that have one, in the order of the sections. */
export const sectionNamespaces = (config: object): readonly SectionNamespace[] =>
    Object.entries(config).flatMap(([section, value]) => (hasNamespace(value) ? [[section, value.namespace] as const] : []));

const hasNamespace = (value: unknown): value is { readonly namespace: string } =>
    typeof value === "object" && value !== null && "namespace" in value && typeof value.namespace === "string";
