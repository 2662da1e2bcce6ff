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
 */
export function buildctlArguments(step: readonly string[], result: Result, secrets: readonly string[]): string[] {
    const { flags, context } = parse(step);
    const values = (name: string): readonly string[] => flags.get(name) ?? [];
    const dockerfile = values("file")[0] ?? `${context}/Dockerfile`;
    const at = dockerfile.lastIndexOf("/");
    const options = [
        `filename=${dockerfile.slice(at + 1)}`,
        ...values("target").map((target) => `target=${target}`),
        ...values("platform").map((platform) => `platform=${platform}`),
        ...values("build-arg").map((argument) => `build-arg:${argument}`),
        ...values("label").map((label) => `label:${label}`),
    ];
    return [
        "build",
        "--frontend=dockerfile.v0",
        `--local=context=${context}`,
        `--local=dockerfile=${at === -1 ? "." : dockerfile.slice(0, at)}`,
        ...options.map((option) => `--opt=${option}`),
        ...secrets.map((secret) => `--secret=${secret}`),
        ...(result === "push" ? [...cache("import-cache", values("cache-from")), ...cache("export-cache", values("cache-to"))] : []),
        `--output=type=image,"name=${values("tag").join(",")}",push=${String(result === "push")}`,
    ];
}

const cache = (flag: string, values: readonly string[]): string[] => values.map((value) => `--${flag}=${value}`);

function parse(step: readonly string[]): BuildxArguments {
    const flags = new Map<string, string[]>();
    const args = step.slice(step[0] === "buildx" ? 2 : 0);
    for (const arg of args.filter((argument) => argument.startsWith("--"))) {
        const [, name = "", value = ""] = /^--([^=]+)=?(.*)$/s.exec(arg) ?? [];
        flags.set(name, [...(flags.get(name) ?? []), value]);
    }
    return { flags, context: args.at(-1) ?? "." };
}
