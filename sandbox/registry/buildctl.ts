/** Arguments of `docker buildx build`: all values of each flag, and the build context. */
interface BuildxArguments {
    readonly flags: ReadonlyMap<string, readonly string[]>;
    readonly context: string;
}

/** `push` pushes the image and uses the registry's cache; `keep` keeps the image in BuildKit. */
export type Result = "keep" | "push";

/**
 * Translates the arguments of `docker buildx build` for `buildctl`: Dockerfile, target, platforms, build arguments, labels, tags, secrets,
 * cache and attestations.
 * https://github.com/moby/buildkit#output
 * @param args arguments after `docker buildx build`
 * @throws Error that names an unsupported argument
 */
export function buildctlArguments(args: readonly string[], result: Result): string[] {
    const { flags, context } = parse(args);
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
        ...(result === "push" ? [...attestation("provenance", values("provenance")), ...attestation("sbom", values("sbom"))] : []),
    ];
    return [
        "build",
        "--frontend=dockerfile.v0",
        `--local=context=${context}`,
        `--local=dockerfile=${at === -1 ? "." : dockerfile.slice(0, at)}`,
        ...named.map(({ name, folder }) => `--local=${name}=${folder}`),
        ...options.map((option) => `--opt=${option}`),
        ...values("secret").map((secret) => `--secret=${secret}`),
        ...(result === "push" ? [...cache("import-cache", values("cache-from")), ...cache("export-cache", values("cache-to"))] : []),
        `--output=type=image,"name=${values("tag").join(",")}",push=${result === "push"}`,
    ];
}

/** Parses a named build context. https://docs.docker.com/reference/cli/docker/buildx/build/#build-context */
function namedContext(value: string): { readonly name: string; readonly folder: string } {
    const [, name = "", folder = ""] = /^([^=]+)=(.+)$/s.exec(value) ?? [];
    if (folder === "" || folder.includes("://")) {
        throw new Error(
            `The build has --build-context=${value}. The sandbox's builder takes folders only: --build-context=<name>=<folder>.`,
        );
    }
    return { name, folder };
}

/** BuildKit's options for attestations. https://github.com/moby/buildkit/blob/v0.31.1/docs/attestations/README.md */
const attestation = (type: string, values: readonly string[]): string[] =>
    values.filter((value) => value !== "false").map((value) => `attest:${type}=${value}`);

const cache = (flag: string, values: readonly string[]): string[] => values.map((value) => `--${flag}=${value}`);

/** Supported flags. The caller handles `load` and `push`, and passes the result. */
const KNOWN = new Set([
    ...["file", "build-context", "target", "platform", "build-arg", "label", "tag", "secret"],
    ...["cache-from", "cache-to", "provenance", "sbom", "load", "push"],
]);

function parse(args: readonly string[]): BuildxArguments {
    const flags = new Map<string, string[]>();
    const context = args.at(-1);
    if (context === undefined || context.startsWith("-")) {
        throw new Error("The build has no context: name a folder as the last argument.");
    }
    for (const arg of args.slice(0, -1)) {
        const [, name = "", value = ""] = /^--([^=]+)=?(.*)$/s.exec(arg) ?? [];
        if (!KNOWN.has(name)) {
            throw new Error(`The build has ${arg}, which the sandbox's builder does not support.`);
        }
        flags.set(name, [...(flags.get(name) ?? []), value]);
    }
    return { flags, context };
}
