import { CommandError } from "../command-line/run";

/** Flags of `docker buildx build`, by name, each with all its values; the build context stands last. */
interface BuildxArguments {
    readonly flags: ReadonlyMap<string, readonly string[]>;
    readonly context: string;
}

/** What is done with an image that was built. */
export type Result = "keep" | "push";

/**
 * A `buildx build` step for a builder without Docker: the same Dockerfile, target, platforms, arguments, labels, tags and cache, as `buildctl` spells them.
 * https://github.com/moby/buildkit#output
 * @throws CommandError that names a flag which it does not know
 */
export function buildctlArguments(step: readonly string[], result: Result, secrets: readonly string[]): string[] {
    const { flags, context } = parse(step);
    const values = (name: string): readonly string[] => flags.get(name) ?? [];
    const dockerfile = values("file")[0] ?? `${context}/Dockerfile`;
    const at = dockerfile.lastIndexOf("/");
    const named = values("build-context").map(namedContext);
    const options = [
        `filename=${dockerfile.slice(at + 1)}`,
        ...named.map(({ name }) => `context:${name}=local:${name}`),
        ...values("target").map((target) => `target=${target}`),
        ...values("platform").map((platform) => `platform=${platform}`),
        ...values("build-arg").map((argument) => `build-arg:${argument}`),
        ...values("label").map((label) => `label:${label}`),
        ...(result === "push" ? values("provenance") : [])
            .filter((value) => value !== "false")
            .map((value) => `attest:provenance=${value}`),
    ];
    return [
        "build",
        "--frontend=dockerfile.v0",
        `--local=context=${context}`,
        `--local=dockerfile=${at === -1 ? "." : dockerfile.slice(0, at)}`,
        ...named.map(({ name, folder }) => `--local=${name}=${folder}`),
        ...options.map((option) => `--opt=${option}`),
        ...secrets.map((secret) => `--secret=${secret}`),
        ...(result === "push" ? [...cache("import-cache", values("cache-from")), ...cache("export-cache", values("cache-to"))] : []),
        `--output=type=image,"name=${values("tag").join(",")}",push=${result === "push"}`,
    ];
}

/** A folder that a Dockerfile knows by name. https://docs.docker.com/reference/cli/docker/buildx/build/#build-context */
function namedContext(value: string): { readonly name: string; readonly folder: string } {
    const [, name = "", folder = ""] = /^([^=]+)=(.+)$/s.exec(value) ?? [];
    if (folder === "" || folder.includes("://")) {
        throw new CommandError(`A build step has --build-context=${value}, which is not name=folder: buildctl is given folders only.`);
    }
    return { name, folder };
}

const cache = (flag: string, values: readonly string[]): string[] => values.map((value) => `--${flag}=${value}`);

/** What can stand in a step. `load` and `push` say what becomes of the result, which the caller decides. */
const KNOWN = [
    "file",
    "build-context",
    "target",
    "platform",
    "build-arg",
    "label",
    "tag",
    "cache-from",
    "cache-to",
    "provenance",
    "load",
    "push",
];

function parse(step: readonly string[]): BuildxArguments {
    const flags = new Map<string, string[]>();
    const args = step.slice(step[0] === "buildx" ? 2 : 0);
    const context = args.at(-1);
    if (context === undefined || context.startsWith("-")) {
        throw new CommandError("A build step must end with its context.");
    }
    for (const arg of args.slice(0, -1)) {
        const [, name = "", value = ""] = /^--([^=]+)=?(.*)$/s.exec(arg) ?? [];
        if (!KNOWN.includes(name)) {
            throw new CommandError(`A build step has ${arg}, which buildctl cannot be told.`);
        }
        flags.set(name, [...(flags.get(name) ?? []), value]);
    }
    return { flags, context };
}
