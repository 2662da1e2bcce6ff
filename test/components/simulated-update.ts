import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { APIS } from "../../gke/apis";
import type { RawConfig } from "../../components/config/handed-over";
import { enableApis } from "../../sandbox/cloud/handlers/service-usage/enabled-apis";
import { Ledger } from "../../sandbox/cloud/ledger";
import { gcpProvider } from "../../sandbox/providers/gcp/gcp-provider";
import type { Provider } from "../../sandbox/providers/provider";
import { isObject, isList, reveal, type Properties, type PropertyValue } from "../../sandbox/providers/property-values";
import { testApi, TOKEN } from "../../sandbox/test/cloud/test-api";
import { listening, outputs } from "./recorded";
import { runProgram } from "./run-program";
import { withoutStackTraces } from "./without-stack-traces";

/** Other projects that stacks refer to; their APIs are enabled too. */
const OTHER_PROJECTS = ["other-project", "team-ml", "team-prod"];

/** A Google Cloud resource that an update created. */
interface Created {
    readonly target: { readonly urn: string; readonly type: string; readonly name: string };
    readonly id: string;
    readonly given: Properties;
    readonly checked: Properties;
}

/** The result of an update. */
interface Updated {
    readonly provider: Provider;
    readonly created: readonly Created[];
    /** Refusals of the provider or the API, with the resource. */
    readonly refusals: readonly string[];
}

/** @returns the refusals of the provider or the API for a new stack, with the resource. Runs must not overlap */
export function refusalsOf(stack: string, config: RawConfig): Promise<readonly string[]> {
    return updated(stack, config, ({ refusals }) => Promise.resolve(refusals));
}

/** @returns the properties that an update after a refresh would change, with their resources, as `NodePool cluster-l4: nodeConfig`. Runs must not overlap */
export function changesAfterRefresh(stack: string, config: RawConfig): Promise<readonly string[]> {
    return updated(stack, config, async ({ provider, created, refusals }) => {
        const changes = created.map(async ({ target, id, given, checked }) => {
            const read = await provider.read({
                ...target,
                id,
                inputs: checked,
                outputs: undefined,
                cancelled: new AbortController().signal,
            });
            const [oldInputs, oldOutputs] = [read?.inputs ?? {}, read?.outputs ?? {}];
            const { inputs } = await provider.check({ ...target, inputs: given, oldInputs, randomSeed: new Uint8Array([1]) });
            const { changes } = await provider.diff({ ...target, id, inputs, oldInputs, oldOutputs });
            const label = `${target.type.split(":").at(-1) ?? ""} ${target.name}`;
            return changes.map(({ path }) => `${label}: ${path.join(".")}`);
        });
        return [...refusals, ...(await Promise.all(changes)).flat()];
    });
}

/**
 * Runs the program with the configuration of a stack, and creates its Google Cloud resources in an empty simulated project with the sandbox's provider, as
 * `pulumi up` does. Other resources are mocks.
 */
async function updated<T>(stack: string, config: RawConfig, then: (result: Updated) => Promise<T>): Promise<T> {
    const folder = mkdtempSync(path.join(tmpdir(), "update-"));
    const ledger = Ledger.open(path.join(folder, "ledger.json"));
    const project = String(config["gcp:project"]);
    for (const enabled of [project, ...OTHER_PROJECTS]) {
        enableApis(ledger, enabled, Object.keys(APIS));
    }
    const socket = path.join(folder, "cloud.sock");
    const server = createServer(testApi(ledger));
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    process.env.GOOGLE_OAUTH_ACCESS_TOKEN = TOKEN;
    try {
        return await then(await update(stack, config, socket));
    } finally {
        server.close();
        delete process.env.GOOGLE_OAUTH_ACCESS_TOKEN;
        rmSync(folder, { recursive: true });
    }
}

async function update(stack: string, config: RawConfig, socket: string): Promise<Updated> {
    const provider = gcpProvider(socket);
    await provider.configure({ project: String(config["gcp:project"]), region: String(config["gcp:region"]) });
    const refusals: string[] = [];
    const all: Created[] = [];
    const cancelled = new AbortController().signal;

    async function created(type: string, name: string, inputs: Properties): Promise<{ id: string; state: Properties }> {
        const target = { urn: `urn:pulumi:${stack}::ml-platform::${type}::${name}`, type, name };
        const checked = await provider.check({ ...target, inputs, oldInputs: undefined, randomSeed: new Uint8Array([1]) });
        if (checked.failures.length > 0) {
            throw new Error(checked.failures.map(({ property, reason }) => `${property} ${reason}`).join("; "));
        }
        const made = await provider.create({ ...target, inputs: checked.inputs, preview: false, cancelled });
        all.push({ target, id: made.id, given: inputs, checked: checked.inputs });
        return { id: made.id, state: revealed(made.outputs) };
    }

    await pulumi.runtime.setMocks(
        {
            newResource: async ({ type, name, inputs: given }) => {
                const inputs = given as Properties;
                if (type.startsWith("gcp:")) {
                    try {
                        return await created(type, name, inputs);
                    } catch (error) {
                        refusals.push(`${type} ${name}: ${(error as Error).message}`);
                    }
                }
                return { id: `${name}-id`, state: { name, ...inputs, ...outputs({ type, name, inputs }) } };
            },
            call: async ({ token, inputs }) => {
                const given = inputs as Properties;
                return token.startsWith("gcp:") ? ((await provider.invoke?.(token, given)) ?? {}) : given;
            },
        },
        "ml-platform",
        stack,
    );
    await withoutStackTraces(() =>
        listening(async () => {
            await runProgram(config);
        }),
    );
    return { provider, created: all, refusals };
}

/** Properties without the marks of secrets, which mocks do not accept. */
function revealed(properties: Properties): Properties {
    const plain = (value: PropertyValue | undefined): PropertyValue | undefined => {
        const inner = value === undefined ? undefined : reveal(value);
        return isList(inner) ? inner.map((one) => plain(one) ?? null) : isObject(inner) ? revealed(inner) : inner;
    };
    return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, plain(value)]));
}
