import * as pulumi from "@pulumi/pulumi";
import { withoutStackTraces } from "./without-stack-traces";

type Inputs = Record<string, unknown>;

/** A resource as the engine receives it. */
export interface Recorded {
    readonly type: string;
    readonly name: string;
    /** Its inputs, with every output resolved. */
    readonly inputs: Inputs;
    readonly options: pulumi.CustomResourceOptions & pulumi.ComponentResourceOptions;
    readonly resource: pulumi.Resource;
}

/** The resources that a piece of a program declared, and its messages. */
export interface Recording {
    readonly resources: readonly Recorded[];
    readonly messages: readonly string[];
    /** The one resource of a type and name; throws if it does not exist. */
    one(type: string, name: string): Recorded;
    /** Names of the resources of a type, sorted. */
    names(type: string): string[];
}

/** Outputs of the cloud in addition to the inputs. */
export type Answer = (args: Declared) => Inputs;

/** A resource as mocks receive it. */
export interface Declared {
    readonly type: string;
    readonly name: string;
    readonly inputs: Inputs;
}

export interface RecordOptions {
    readonly preview?: boolean;
    /** True: no resource has an ID, as during preview of new resources. */
    readonly unknownIds?: boolean;
    readonly answer?: Answer;
    readonly call?: (inputs: Inputs) => Inputs;
}

/** Answers of Google's API that components read. */
export const outputs: Answer = ({ type, name, inputs }) =>
    ({
        "gcp:artifactregistry/repository:Repository": {
            registryUri: `registry.example/${inputs.repositoryId as string}`,
            location: inputs.location,
        },
        "gcp:serviceaccount/account:Account": {
            email: `${name}@example`,
            member: `serviceAccount:${name}@example`,
            name: `accounts/${name}`,
        },
        "gcp:projects/serviceIdentity:ServiceIdentity": { email: `${name}@example`, member: `serviceAccount:${name}@example` },
        "gcp:container/cluster:Cluster": {
            endpoint: "203.0.113.7",
            masterAuth: { clusterCaCertificate: "Q0E=" },
            controlPlaneEndpointsConfig: { dnsEndpointConfig: { endpoint: "gke-1a2b.us-central1.gke.goog" } },
        },
        "gcp:container/nodePool:NodePool": { name: `${name}-1a2b3c4` },
        "gcp:compute/network:Network": { selfLink: `links/${name}` },
        "gcp:compute/subnetwork:Subnetwork": { selfLink: `links/${name}` },
        "gcp:compute/globalAddress:GlobalAddress": { address: "203.0.113.20" },
        "gcp:certificatemanager/dnsAuthorization:DnsAuthorization": {
            dnsResourceRecords: [{ name: "record", type: "CNAME", data: "value" }],
        },
        "docker-build:index:Image": { digest: `sha256:${"d".repeat(64)}` },
    })[type] ?? {};

/** Runs a piece of a program against mocks and waits until every resource exists. `build` passes its options to the resources. */
export async function record(
    build: (options: pulumi.ComponentResourceOptions) => unknown,
    options: RecordOptions = {},
): Promise<Recording> {
    const inputs = new Map<string, Inputs>();
    const made: Omit<Recorded, "inputs">[] = [];
    await pulumi.runtime.setMocks(
        {
            newResource: (args) => {
                const declared: Declared = { type: args.type, name: args.name, inputs: args.inputs as Inputs };
                inputs.set(key(args.type, args.name), declared.inputs);
                const state = { name: args.name, ...declared.inputs, ...outputs(declared), ...options.answer?.(declared) };
                return { id: options.unknownIds ? undefined : `${args.name}-id`, state };
            },
            call: (args) => ({ ...(args.inputs as Inputs), ...options.call?.(args.inputs as Inputs) }),
        },
        "ml-platform",
        "test",
        options.preview ?? false,
    );
    const messages = await withoutStackTraces(() =>
        listening(async () => {
            build({
                transformations: [
                    ({ resource, type, name, opts }) => {
                        made.push({ resource, type, name, options: opts });
                        return undefined;
                    },
                ],
            });
            await settled(made);
        }),
    );
    const resources = made.map((one) => ({ ...one, inputs: inputs.get(key(one.type, one.name)) ?? {} }));
    return {
        resources,
        messages,
        one: (type, name) => {
            const found = resources.find((resource) => resource.type === type && resource.name === name);
            if (found === undefined) {
                throw new Error(`no ${type} ${name} among ${resources.map((resource) => `${resource.type} ${resource.name}`).join(", ")}`);
            }
            return found;
        },
        names: (type) =>
            resources
                .filter((resource) => resource.type === type)
                .map(({ name }) => name)
                .sort(),
    };
}

/** The value of a known output. */
export function valueOf<T>(output: pulumi.Input<T>): Promise<pulumi.Unwrap<T>> {
    return new Promise((resolve) => pulumi.output(output).apply(resolve));
}

/** Names of the resources that a recorded one depends on. */
export function waitsFor({ options }: Recorded): string[] {
    const dependsOn = [options.dependsOn ?? []].flat() as pulumi.Resource[];
    return dependsOn.map((resource) => (resource as unknown as { __name: string }).__name).sort();
}

const key = (type: string, name: string): string => `${type}::${name}`;

/** Waits until no resource creates another one. */
async function settled(made: readonly { readonly resource: pulumi.Resource }[]): Promise<void> {
    for (let seen = -1; seen < made.length;) {
        seen = made.length;
        await Promise.all(made.map(({ resource }) => valueOf(resource.urn)));
        await pulumi.runtime.disconnect();
    }
}

/** The messages that were logged during a run: without an engine, the SDK writes to the console. */
export async function listening(run: () => Promise<void>): Promise<string[]> {
    const messages: string[] = [];
    const { log, warn, error } = console;
    const keep = (text: unknown) => void messages.push(String(text));
    Object.assign(console, { log: keep, warn: keep, error: keep });
    try {
        await run();
    } finally {
        Object.assign(console, { log, warn, error });
    }
    return messages;
}
