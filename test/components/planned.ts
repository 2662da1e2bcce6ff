import * as pulumi from "@pulumi/pulumi";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks";
import type { RawConfig } from "../../components/config/handed-over";
import { checkInputs } from "../../sandbox/providers/gcp/check";
import { diffInputs } from "../../sandbox/providers/gcp/diff";
import { diffObject } from "../../sandbox/providers/kubernetes/diff/diff";
import { isSame } from "../../sandbox/providers/diff-values";
import { diffSettings } from "../../sandbox/providers/kubernetes/settings";
import type { Properties, PropertyValue } from "../../sandbox/providers/property-values";
import { listening, outputs } from "./recorded";
import { runProgram } from "./run-program";
import { withoutStackTraces } from "./without-stack-traces";

/** The engine's operation on a changed resource. `forget`: the resource remains, and Pulumi stops managing it. */
export type Operation = "create" | "update" | "replace" | "delete" | "forget";

/** A resource as the engine gets it. */
interface Registered {
    /** Key of a resource in a program: the types of its parents, its own type and its name, as in its URN. */
    readonly key: string;
    readonly type: string;
    readonly name: string;
    readonly inputs: Properties;
    readonly provider: string;
    readonly ignoreChanges: readonly string[];
    readonly retainOnDelete: boolean;
}

type Resources = ReadonlyMap<string, Registered>;

/** The part of a registration that the generated code of the SDK provides. */
interface Request {
    getType(): string;
    getName(): string;
    getParent(): string;
    getProvider(): string;
    getIgnorechangesList(): string[];
    getRetainondelete(): boolean;
}

/** The options of a registration that mocks do not receive. */
type Options = Pick<Registered, "key" | "provider" | "ignoreChanges" | "retainOnDelete">;

/** Keeps the options of a registration that mocks do not receive. */
class RecordingMonitor extends MockMonitor {
    /** Options of the latest registration. */
    latest: Options | undefined;

    override registerResource(request: Request, callback: (error: unknown, response: unknown) => void): Promise<void> {
        this.latest = {
            key: keyOf(request.getParent(), request.getType(), request.getName()),
            provider: request.getProvider(),
            ignoreChanges: request.getIgnorechangesList(),
            retainOnDelete: request.getRetainondelete(),
        };
        // Calls the mock before it waits for anything.
        return super.registerResource(request, callback);
    }
}

/** https://www.pulumi.com/docs/iac/concepts/resources/names/#urns */
function keyOf(parent: string, type: string, name: string): string {
    const [, , parentType = "pulumi:pulumi:Stack"] = parent.split("::");
    return `${parentType === "pulumi:pulumi:Stack" ? type : `${parentType}$${type}`}::${name}`;
}

/** `NodePool cluster-l4`: short, for people. */
const labelOf = ({ type, name }: Registered): string => `${type.split(":").at(-1) ?? type} ${name}`;

/**
 * The resources that the program registers for a stack file.
 * @param renewed keys of resources with new outputs, because they are created again
 */
async function registered(stack: string, config: RawConfig, renewed: ReadonlySet<string>): Promise<Resources> {
    const resources = new Map<string, Registered>();
    const mocks: pulumi.runtime.Mocks = {
        newResource: ({ type, name, inputs: given }) => {
            const options = monitor.latest;
            if (options === undefined || resources.has(options.key)) {
                throw new Error(`${type} ${name} was not registered, or twice: ${options?.key ?? "no key"}`);
            }
            const declared = { type, name, inputs: given as Properties };
            resources.set(options.key, { ...declared, ...options });
            const mark = renewed.has(options.key) ? "-new" : "";
            // A Google Cloud resource with a fixed name is deleted before its replacement, and so is everything inside it, which refers to its name.
            const ownName = declared.inputs.name;
            const own = { name: type.startsWith("gcp:") && typeof ownName === "string" ? ownName : name, ...outputs(declared) };
            const answered = Object.entries(own).map(([key, value]) => [key, typeof value === "string" ? value + mark : value]);
            return { id: `${name}-id${mark}`, state: { ...declared.inputs, ...Object.fromEntries(answered) } as Properties };
        },
        call: ({ inputs: given }) => given as Properties,
    };
    const monitor = new RecordingMonitor(mocks);
    await pulumi.runtime.setMocks(mocks, "ml-platform", stack);
    pulumi.runtime.setMockOptions(monitor, "ml-platform", stack);
    await withoutStackTraces(() =>
        listening(async () => {
            await runProgram(config);
        }),
    );
    return resources;
}

/** The inputs of a Google Cloud resource as its provider completes them: with project, region and generated name. */
function checked(config: RawConfig, { type, name, inputs }: Registered, oldInputs: Properties | undefined): Properties {
    const settings = { project: config["gcp:project"] as string, region: config["gcp:region"] as string };
    const urn = `urn:pulumi:test::ml-platform::${type}::${name}`;
    const { inputs: complete, failures } = checkInputs({ urn, type, name, inputs, oldInputs, randomSeed: new Uint8Array([1]) }, settings);
    if (failures.length > 0) {
        throw new Error(`${name}: ${failures.map(({ property, reason }) => `${property} ${reason}`).join("; ")}`);
    }
    return complete;
}

/** The new inputs, with the old values of properties that the program ignores changes of. */
function kept(old: Properties, now: Properties, paths: readonly string[]): Properties {
    const at = (value: PropertyValue | undefined, steps: readonly string[]) =>
        steps.reduce<PropertyValue | undefined>((inner, step) => (inner as Properties | undefined)?.[step], value);
    const put = (into: Properties, [step = "", ...rest]: readonly string[], value: PropertyValue | undefined): Properties => ({
        ...into,
        [step]: rest.length === 0 ? value : put((into[step] ?? {}) as Properties, rest, value),
    });
    const steps = (path: string) => [...path.matchAll(/\["([^"]+)"\]|([^.[\]]+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
    return paths.reduce((inputs, ignored) => put(inputs, steps(ignored), at(old, steps(ignored))), now);
}

/** The operation on a resource by the rules of its provider. */
async function difference(old: Registered, now: Registered, before: RawConfig, after: RawConfig): Promise<"same" | "update" | "replace"> {
    const inputs = kept(old.inputs, now.inputs, now.ignoreChanges);
    const byProvider = async () => {
        if (now.type.startsWith("gcp:")) {
            const oldInputs = checked(before, old, undefined);
            return diffInputs(now.type, oldInputs, checked(after, { ...now, inputs }, oldInputs));
        }
        if (now.type.startsWith("kubernetes:")) {
            return diffObject(now.type, old.inputs, inputs, { configMaps: false, secrets: false });
        }
        if (now.type === "pulumi:providers:kubernetes") {
            return diffSettings(old.inputs, inputs);
        }
        // docker-build updates any change in place, and so does the engine for components.
        return { changes: isSame(old.inputs, inputs) ? [] : [{ replaces: false }] };
    };
    const { changes } = await byProvider();
    return changes.some(({ replaces }) => replaces) ? "replace" : changes.length > 0 ? "update" : "same";
}

/** The operation of an edit of a stack file on each changed resource, including those that only depend on a changed one, by label, such as `NodePool cluster-l4`. */
export async function plan(stack: string, before: RawConfig, after: RawConfig): Promise<Record<string, Operation>> {
    const olds = await registeredOnce(stack, before);
    for (let renewed = new Set<string>(); ;) {
        const news = await registered(stack, after, renewed);
        const steps = await compare(olds, news, before, after);
        const made = steps.filter(
            ({ operation, resource }) => operation === "replace" || (operation === "update" && resource.type.endsWith(":Image")),
        );
        if (made.every(({ resource: { key } }) => renewed.has(key))) {
            return labelled(steps);
        }
        renewed = new Set(made.map(({ resource: { key } }) => key));
    }
}

function labelled(steps: readonly Step[]): Record<string, Operation> {
    const operations = Object.fromEntries(steps.map(({ resource, operation }) => [labelOf(resource), operation]));
    if (Object.keys(operations).length < steps.length) {
        throw new Error(`two resources have one label: ${steps.map(({ resource: { key } }) => key).join(", ")}`);
    }
    return operations;
}

const unedited = new Map<RawConfig, Promise<Resources>>();

function registeredOnce(stack: string, config: RawConfig): Promise<Resources> {
    const known = unedited.get(config) ?? registered(stack, config, new Set());
    unedited.set(config, known);
    return known;
}

/** The operation on one resource. */
interface Step {
    readonly resource: Registered;
    readonly operation: Operation;
}

async function compare(olds: Resources, news: Resources, before: RawConfig, after: RawConfig): Promise<readonly Step[]> {
    const steps: Step[] = [];
    const replaced = new Set<string>();
    for (const [key, resource] of news) {
        const old = olds.get(key);
        const moved = old !== undefined && replaced.has(providerKey(resource));
        const change = old === undefined ? "create" : moved ? "replace" : await difference(old, resource, before, after);
        if (change === "replace") {
            replaced.add(key);
        }
        if (change !== "same") {
            steps.push({ resource, operation: change });
        }
    }
    const gone = [...olds.values()].filter(({ key }) => !news.has(key));
    return [
        ...steps,
        ...gone.map((resource) => ({ resource, operation: resource.retainOnDelete ? ("forget" as const) : ("delete" as const) })),
    ];
}

/** Key of the provider, from its reference: `urn:pulumi:stack::project::type::name::id`. */
const providerKey = ({ provider }: Registered): string => provider.split("::").slice(2, 4).join("::");

/** A resource as its provider gets it. */
export interface Planned {
    readonly type: string;
    readonly name: string;
    readonly inputs: Properties;
}

/** The resources that the program declares for a stack file, completed by the providers. Runs share the runtime, so they must not overlap. */
export async function planned(stack: string, config: RawConfig): Promise<readonly Planned[]> {
    const resources = [...(await registered(stack, config, new Set())).values()];
    return resources.map((resource) => ({
        type: resource.type,
        name: resource.name,
        inputs: resource.type.startsWith("gcp:") ? checked(config, resource, undefined) : resource.inputs,
    }));
}
