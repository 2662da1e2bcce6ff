/** Something wrong with a stack's configuration, and what mends it. */
export interface Problem {
    /** Key with its path, as `pulumi config --path` takes it: `ml-platform:cluster.pools[0].maxNodes`. */
    readonly key: string;
    /** What is wrong, and the nearest valid alternative. */
    readonly problem: string;
    /** The command that mends it. */
    readonly remedy: string;
}

/** A problem between values that stand in different places. */
export interface CrossProblem extends Problem {
    /** Keys of the other values that it rests on, where there are any. */
    readonly basis?: readonly string[];
}

/** Steps from a room down to a value. */
export type Path = readonly (string | number)[];

/** Name of the Pulumi project, and so the namespace of its configuration. */
export const projectName = "ml-platform";

/** The key of a value of this project's configuration. */
export const keyOf = (room: string, ...path: Path): string =>
    path.reduce<string>(
        (key, step) => key + (typeof step === "number" ? `[${step}]` : isPlain(step) ? `.${step}` : `["${step}"]`),
        `${projectName}:${room}`,
    );

const isPlain = (step: string): boolean => /^[A-Za-z0-9_-]+$/.test(step);

const quoted = (argument: string): string =>
    /^[A-Za-z0-9_.:/@=^-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;

/** The command that gives a key a value. */
export const set = (key: string, value: string | number | boolean): string => `pulumi config set --path '${key}' ${quoted(String(value))}`;

/** The command that removes a key, so that its default holds. */
export const remove = (key: string): string => `pulumi config rm --path '${key}'`;
