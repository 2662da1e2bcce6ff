import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";

/** A service of a compose file, as options of `docker run`. */
export interface Rendered {
    readonly options: readonly string[];
    readonly command: readonly string[];
    readonly build?: {
        readonly context: string;
        readonly named: Readonly<Record<string, string>>;
        readonly target?: string;
        readonly args?: Readonly<Record<string, string>>;
    };
    readonly image: string;
    readonly dependsOn: readonly string[];
    /** Published ports as `host:container`, which containers on the host's network do not need. */
    readonly ports: readonly string[];
}

type Values = Readonly<Record<string, unknown>>;

const strings = (value: unknown): readonly string[] => value as readonly string[];

/** Options of `docker run` for each key of a service. An unknown key is an error. */
const RENDERERS: Readonly<Record<string, (value: unknown) => readonly string[]>> = {
    read_only: (value: unknown) => (value === true ? ["--read-only"] : []),
    user: (value: unknown) => ["--user", String(value)],
    cap_drop: (value: unknown) => strings(value).flatMap((each) => ["--cap-drop", each]),
    security_opt: (value: unknown) => strings(value).flatMap((each) => ["--security-opt", each]),
    shm_size: (value: unknown) => ["--shm-size", String(value)],
    environment: (value: unknown) =>
        Object.entries(value as Readonly<Record<string, string | number | boolean | null>>).flatMap(([name, text]) => {
            // Without a value, Compose passes the variable of its own environment, if it is set.
            const given = text === null ? process.env[name] : substitute(String(text));
            return given === undefined ? [] : ["--env", `${name}=${given}`];
        }),
    volumes: (value: unknown) => strings(value).flatMap((each) => ["--volume", substitute(each)]),
    tmpfs: (value: unknown) => strings(value).flatMap((each) => ["--tmpfs", each]),
    stop_grace_period: (value: unknown) => ["--stop-timeout", String(parseInt(String(value), 10))],
    healthcheck: (value: unknown) => healthcheck(value),
    entrypoint: (value: unknown) => ["--entrypoint", strings(value)[0] ?? ""],
    // Handled below, or without effect on a single container.
    ...Object.fromEntries(["build", "command", "depends_on", "image", "ports", "profiles"].map((key) => [key, () => []])),
};

/** The services of a compose file. @throws Error for a key without an option */
export function render(file: string): ReadonlyMap<string, Rendered> {
    const { services } = parse(fs.readFileSync(file, "utf8"), { merge: true }) as { services: Record<string, Values> };
    const folder = path.dirname(file);
    return new Map(Object.entries(services).map(([name, service]) => [name, renderService(service, folder)]));
}

function renderService(service: Values, folder: string): Rendered {
    const entries = Object.entries(service).filter(([key]) => key !== "deploy"); // GPUs, which this machine does not have
    const unknown = entries.map(([key]) => key).filter((key) => !(key in RENDERERS));
    if (unknown.length > 0) {
        throw new Error(`no option of docker run for ${unknown.join(", ")}`);
    }
    const build = service.build === undefined ? undefined : renderBuild(service.build as Values, folder);
    return {
        options: entries.flatMap(([key, value]) => RENDERERS[key]?.(value) ?? []),
        command: [...strings(service.entrypoint ?? []).slice(1), ...strings(service.command ?? [])],
        ...(build === undefined ? {} : { build }),
        image: String(service.image),
        dependsOn: Object.keys(service.depends_on ?? {}),
        ports: strings(service.ports ?? []),
    };
}

function renderBuild(build: Values, folder: string): NonNullable<Rendered["build"]> {
    const {
        context,
        additional_contexts: named,
        ...rest
    } = build as {
        context: string;
        additional_contexts?: Record<string, string>;
        target?: string;
        args?: Record<string, string>;
    };
    const folders = Object.entries(named ?? {}).map(([name, place]) => [name, path.join(folder, place)]);
    const args = Object.entries(rest.args ?? {}).map(([name, value]) => [name, substitute(value)]);
    return {
        ...rest,
        ...(args.length === 0 ? {} : { args: Object.fromEntries(args) as Record<string, string> }),
        context: path.join(folder, context),
        named: Object.fromEntries(folders) as Record<string, string>,
    };
}

function healthcheck(value: unknown): readonly string[] {
    const { disable, test, interval, timeout, retries } = value as Values;
    if (disable === true) {
        return ["--no-healthcheck"];
    }
    const [kind, ...command] = strings(test);
    if (kind !== "CMD") {
        throw new Error(`no option of docker run for a health check with ${kind}`);
    }
    const flags = {
        "--health-cmd": command.join(" "),
        "--health-interval": interval,
        "--health-timeout": timeout,
        "--health-retries": retries,
    };
    return Object.entries(flags).flatMap(([flag, value]) => [flag, String(value)]);
}

/** `${NAME:-default}` with the environment of this process. */
function substitute(text: string): string {
    return text.replaceAll(/\$\{(\w+):-([^}]*)\}/g, (_, name: string, fallback: string) => process.env[name] ?? fallback);
}
