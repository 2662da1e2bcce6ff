import type { DeepReadonly } from "./fields";
import type { SectionName, sections } from "./sections";
import type { Environment } from "../project/config";

/** Each section as its entry in the table resolves it; undefined where it is not created. */
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

/** The sections that have workloads, each workload with the nodes that its pods land on. */
type PlacedSections = {
    readonly [S in SectionName as (typeof sections)[S] extends { readonly place: unknown } ? S : never]: (typeof sections)[S] extends {
        readonly place: (...given: never[]) => infer Placed;
    }
        ? Placed | undefined
        : never;
};

/** A configuration that holds every rule. */
export type ValidConfig = Omit<StackConfig, keyof PlacedSections> & PlacedSections;
