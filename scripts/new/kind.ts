import type { StackConfig } from "../../components/config/stack";
import type { Written } from "../stack-config/written";

/** The stack to change. */
export interface Target {
    readonly stack: string;
    readonly config: StackConfig;
    /** Pool from the command line. */
    readonly pool: string | undefined;
}

/** One change of a stack file, at a path below `config`. */
export type Edit = { readonly path: readonly string[] } & (
    | { readonly set: Written }
    /** Appends an item to the list at the path. */
    | { readonly append: Written }
    /** Removes the value at the path. */
    | { readonly remove: true }
);

/** A kind of workload that the command creates. */
export interface Kind {
    /** Folders of `templates/` with the kind's files. */
    readonly templates: readonly string[];
    /** Values of the Dockerfile's template: the kind's name, the project's image that it follows, and the part that runs in that image. */
    readonly image: { readonly kind: string; readonly image: string; readonly part: string };
    /** File that identifies a folder of this kind. */
    readonly mainFile: string;
    /**
     * The changes of a stack file in addition to the image.
     * @throws CommandError if the name is taken, or a requirement is missing from the stack
     */
    readonly edits: (name: string, target: Target) => readonly Edit[];
    /** The next commands for the user. */
    readonly next: (name: string, target: Target) => readonly string[];
}

/** Folders of the project that its Dockerfile copies from, by name. */
export const contextsOf = ({ image: { image } }: Pick<Kind, "image">): Readonly<Record<string, string>> => ({
    common: "docker/common",
    [image]: `docker/${image}`,
});
