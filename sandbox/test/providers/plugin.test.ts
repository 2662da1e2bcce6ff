import { credentials, Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import type { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { expect } from "chai";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import * as path from "node:path";
import { text } from "node:stream/consumers";
import { type ServedProvider, serveProvider } from "../../providers/plugin";
import { secret, UNKNOWN } from "../../providers/property-values";
import { InitFailed, type Operation, type Provider } from "../../providers/provider";

const UNKNOWN_STRING = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A provider that answers with what it was asked, unless a test gives it other methods. */
function provider(other: Partial<Provider> = {}): Provider {
    return {
        version: "1.2.3",
        configure: () => undefined,
        check: ({ inputs }) => ({ inputs, failures: [] }),
        diff: () => ({ changes: [] }),
        create: ({ inputs }) => ({ id: "made", outputs: inputs }),
        read: () => undefined,
        update: ({ inputs }) => inputs,
        delete: () => undefined,
        ...other,
    };
}

type Done<Response> = (error: ServiceError | null, response: Response) => void;

describe("serveProvider", () => {
    let served: ServedProvider | undefined;
    let client: ResourceProviderClient | undefined;

    async function serve(methods: Partial<Provider> = {}): Promise<ResourceProviderClient> {
        served = await serveProvider(provider(methods));
        client = new ResourceProviderClient(`127.0.0.1:${served.port}`, credentials.createInsecure());
        return client;
    }

    afterEach(() => {
        client?.close();
        served?.close();
    });

    /** Makes a call of the client, and waits for its answer. */
    function ask<Response>(call: (done: Done<Response>) => unknown): Promise<Response> {
        return new Promise((resolve, reject) => {
            call((error, response) => {
                if (error === null) {
                    resolve(response);
                } else {
                    reject(error);
                }
            });
        });
    }

    async function refused(answer: Promise<unknown>): Promise<ServiceError> {
        try {
            await answer;
        } catch (error) {
            return error as ServiceError;
        }
        throw new Error("the call succeeded");
    }

    it("says its version, and that it takes neither secrets nor outputs", async () => {
        const on = await serve();
        expect((await ask<PluginInfo>((done) => on.getPluginInfo(new Empty(), done))).getVersion()).to.equal("1.2.3");
        const handshake = await ask<rpc.ProviderHandshakeResponse>((done) => on.handshake(new rpc.ProviderHandshakeRequest(), done));
        expect(handshake.toObject()).to.deep.equal({
            acceptSecrets: false,
            acceptResources: false,
            acceptOutputs: false,
            supportsAutonamingConfiguration: false,
        });
    });

    it("configures with plain values and offers previews", async () => {
        let seen: unknown;
        const on = await serve({
            configure: (config) => {
                seen = config;
            },
        });
        const request = new rpc.ConfigureRequest().setArgs(
            Struct.fromJavaScript({ token: { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: "hush" } }),
        );
        const response = await ask<rpc.ConfigureResponse>((done) => on.configure(request, done));
        expect(seen).to.deep.equal({ token: "hush" });
        expect(response.getSupportspreview()).to.equal(true);
    });

    it("checks: hands on target, old inputs and seed, and answers inputs and failures", async () => {
        const seen: unknown[] = [];
        const on = await serve({
            check: (request) => {
                seen.push(request);
                return { inputs: { a: UNKNOWN }, failures: [{ property: "a.b", reason: "expected a string" }] };
            },
        });
        const request = new rpc.CheckRequest()
            .setUrn("urn:x")
            .setType("pkg:index:Type")
            .setName("x")
            .setNews(Struct.fromJavaScript({ a: UNKNOWN_STRING }))
            .setRandomseed(new Uint8Array([1, 2]));
        const response = await ask<rpc.CheckResponse>((done) => on.check(request, done));
        await ask<rpc.CheckResponse>((done) => on.check(request.setOlds(Struct.fromJavaScript({ a: 1 })), done));
        expect(response.getInputs()?.toJavaScript()).to.deep.equal({ a: UNKNOWN_STRING });
        expect(response.toObject().failuresList).to.deep.equal([{ property: "", reason: "a.b: expected a string" }]);
        const target = { urn: "urn:x", type: "pkg:index:Type", name: "x", inputs: { a: UNKNOWN }, randomSeed: new Uint8Array([1, 2]) };
        expect(seen).to.deep.equal([
            { ...target, oldInputs: undefined },
            { ...target, oldInputs: { a: 1 } },
        ]);
    });

    it("diffs: writes each change with its path and kind, and the properties that replace", async () => {
        const on = await serve({
            diff: () => ({
                deleteBeforeReplace: true,
                changes: [
                    { path: ["labels", "a.b"], kind: "add", replaces: false },
                    { path: ["node", "spot"], kind: "update", replaces: true },
                    { path: ["node", "taints", 1], kind: "delete", replaces: false },
                ],
            }),
        });
        const response = await ask<rpc.DiffResponse>((done) => on.diff(new rpc.DiffRequest(), done));
        const { ADD, UPDATE_REPLACE, DELETE } = rpc.PropertyDiff.Kind;
        expect(response.toObject()).to.deep.equal({
            changes: rpc.DiffResponse.DiffChanges.DIFF_SOME,
            deletebeforereplace: true,
            replacesList: ["node"],
            diffsList: ["labels", "node"],
            stablesList: [],
            hasdetaileddiff: true,
            detaileddiffMap: [
                ['labels["a.b"]', { kind: ADD, inputdiff: true }],
                ["node.spot", { kind: UPDATE_REPLACE, inputdiff: true }],
                ["node.taints[1]", { kind: DELETE, inputdiff: true }],
            ],
        });
    });

    it("diffs: no change is none", async () => {
        const on = await serve();
        const response = await ask<rpc.DiffResponse>((done) => on.diff(new rpc.DiffRequest(), done));
        expect(response.getChanges()).to.equal(rpc.DiffResponse.DiffChanges.DIFF_NONE);
    });

    it("creates, and in a preview answers no id", async () => {
        const on = await serve({
            create: ({ inputs, preview }) => ({ id: "made", outputs: { ...inputs, computed: preview ? UNKNOWN : secret("x") } }),
        });
        const request = () => new rpc.CreateRequest().setProperties(Struct.fromJavaScript({ a: 1 }));
        const predicted = await ask<rpc.CreateResponse>((done) => on.create(request().setPreview(true), done));
        const made = await ask<rpc.CreateResponse>((done) => on.create(request(), done));
        expect([predicted.getId(), predicted.getProperties()?.toJavaScript()]).to.deep.equal(["", { a: 1, computed: UNKNOWN_STRING }]);
        expect([made.getId(), made.getProperties()?.toJavaScript()]).to.deep.equal([
            "made",
            { a: 1, computed: { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: "x" } },
        ]);
    });

    it("says what exists but did not become usable in the details of the error", async () => {
        const on = await serve({
            create: () => {
                throw new InitFailed({ id: "half", outputs: { b: 2 }, inputs: { a: 1 } }, ["no GPU left", "tried three zones"]);
            },
        });
        const error = await refused(ask<rpc.CreateResponse>((done) => on.create(new rpc.CreateRequest(), done)));
        expect([error.code, error.details]).to.deep.equal([status.UNKNOWN, "no GPU left; tried three zones"]);
        const [packed] = error.metadata.get("grpc-status-details-bin");
        const [any] = Status.deserializeBinary(packed as Buffer).getDetailsList();
        const detail = any?.unpack((bytes) => rpc.ErrorResourceInitFailed.deserializeBinary(bytes), "pulumirpc.ErrorResourceInitFailed");
        expect([
            detail?.getId(),
            detail?.getProperties()?.toJavaScript(),
            detail?.getInputs()?.toJavaScript(),
            detail?.getReasonsList(),
        ]).to.deep.equal(["half", { b: 2 }, { a: 1 }, ["no GPU left", "tried three zones"]]);
    });

    it("answers what a provider throws with its message alone", async () => {
        const on = await serve({ delete: () => Promise.reject(new Error("Error 403: µ no")) });
        const error = await refused(ask<Empty>((done) => on.delete(new rpc.DeleteRequest(), done)));
        expect([error.code, error.details, error.metadata.get("grpc-status-details-bin")]).to.deep.equal([
            status.UNKNOWN,
            "Error 403: µ no",
            [],
        ]);
    });

    it("reads what is gone as an empty id", async () => {
        const on = await serve();
        const response = await ask<rpc.ReadResponse>((done) => on.read(new rpc.ReadRequest().setId("x"), done));
        expect([response.getId(), response.hasProperties()]).to.deep.equal(["", false]);
    });

    it("reads for an import without inputs, and for a refresh with them", async () => {
        const seen: unknown[] = [];
        const on = await serve({
            read: ({ id, inputs, outputs }) => {
                seen.push([inputs, outputs]);
                return { id, inputs: { a: 2 }, outputs: { a: 2, b: 3 } };
            },
        });
        await ask<rpc.ReadResponse>((done) => on.read(new rpc.ReadRequest().setId("x").setProperties(new Struct()), done));
        const full = new rpc.ReadRequest()
            .setId("x")
            .setInputs(Struct.fromJavaScript({ a: 1 }))
            .setProperties(Struct.fromJavaScript({ b: 1 }));
        const response = await ask<rpc.ReadResponse>((done) => on.read(full, done));
        expect(seen).to.deep.equal([
            [undefined, undefined],
            [{ a: 1 }, { b: 1 }],
        ]);
        expect([response.getId(), response.getInputs()?.toJavaScript(), response.getProperties()?.toJavaScript()]).to.deep.equal([
            "x",
            { a: 2 },
            { a: 2, b: 3 },
        ]);
    });

    it("updates with old and new inputs, old outputs and the time allowed", async () => {
        let seen: unknown;
        const on = await serve({
            update: ({ cancelled, ...request }) => {
                seen = [request, cancelled.aborted];
                return { c: 3 };
            },
        });
        const request = new rpc.UpdateRequest()
            .setId("x")
            .setUrn("urn:x")
            .setNews(Struct.fromJavaScript({ a: 2 }))
            .setOldInputs(Struct.fromJavaScript({ a: 1 }))
            .setOlds(Struct.fromJavaScript({ b: 1 }))
            .setIgnorechangesList(["a.b"])
            .setTimeout(60);
        const response = await ask<rpc.UpdateResponse>((done) => on.update(request, done));
        expect(response.getProperties()?.toJavaScript()).to.deep.equal({ c: 3 });
        const rest = { id: "x", urn: "urn:x", type: "", name: "", preview: false, timeoutSeconds: 60, ignoreChanges: ["a.b"] };
        expect(seen).to.deep.equal([{ ...rest, inputs: { a: 2 }, oldInputs: { a: 1 }, oldOutputs: { b: 1 } }, false]);
    });

    it("cancels what is under way", async () => {
        const waiting = ({ cancelled }: Operation) =>
            new Promise<never>((_, reject) => {
                cancelled.addEventListener("abort", () => {
                    reject(new Error("interrupted"));
                });
            });
        const on = await serve({ create: waiting });
        const creation = refused(ask<rpc.CreateResponse>((done) => on.create(new rpc.CreateRequest(), done)));
        await ask<Empty>((done) => on.cancel(new Empty(), done));
        expect((await creation).details).to.equal("interrupted");
    });

    it("calls functions", async () => {
        const on = await serve({ invoke: (token, args) => ({ token, ...args }) });
        const request = new rpc.InvokeRequest().setTok("pkg:index:f").setArgs(Struct.fromJavaScript({ a: [1] }));
        const response = await ask<rpc.InvokeResponse>((done) => on.invoke(request, done));
        expect(response.getReturn()?.toJavaScript()).to.deep.equal({ token: "pkg:index:f", a: [1] });
    });

    it("leaves unimplemented what the provider has not: functions, the comparison of configurations, parameters", async () => {
        const on = await serve();
        const invoke = await refused(ask<rpc.InvokeResponse>((done) => on.invoke(new rpc.InvokeRequest().setTok("pkg:index:f"), done)));
        const diffConfig = await refused(ask<rpc.DiffResponse>((done) => on.diffConfig(new rpc.DiffRequest(), done)));
        const parameterize = await refused(ask<rpc.ParameterizeResponse>((done) => on.parameterize(new rpc.ParameterizeRequest(), done)));
        expect([invoke.code, diffConfig.code, parameterize.code]).to.deep.equal(Array.from({ length: 3 }, () => status.UNIMPLEMENTED));
        expect(invoke.details).to.equal("unknown function pkg:index:f");
    });

    it("accepts any configuration of a provider that does not check it", async () => {
        const on = await serve();
        const request = new rpc.CheckRequest().setNews(Struct.fromJavaScript({ project: "p" }));
        const response = await ask<rpc.CheckResponse>((done) => on.checkConfig(request, done));
        expect([response.getInputs()?.toJavaScript(), response.getFailuresList()]).to.deep.equal([{ project: "p" }, []]);
    });

    it("takes messages of more than four megabytes", async () => {
        const on = await serve();
        const inputs = Struct.fromJavaScript({ a: "x".repeat(5_000_000) });
        const options = { "grpc.max_receive_message_length": -1 };
        const wide = new ResourceProviderClient(`127.0.0.1:${served?.port}`, credentials.createInsecure(), options);
        const response = await new Promise<rpc.CreateResponse>((resolve, reject) => {
            wide.create(new rpc.CreateRequest().setProperties(inputs), new Metadata(), (error, answer) => {
                if (error === null) {
                    resolve(answer);
                } else {
                    reject(error);
                }
            });
        });
        wide.close();
        on.close();
        expect(response.getProperties()?.getFieldsMap().get("a")?.getStringValue().length).to.equal(5_000_000);
    });
});

describe("runPlugin", () => {
    const main = path.join(__dirname, "../../providers/docker/main.ts");

    let child: ChildProcessWithoutNullStreams;
    let exit: Promise<unknown[]>;

    beforeEach(() => {
        child = spawn(process.execPath, ["--import", "tsx", main]);
        exit = once(child, "exit");
    });

    afterEach(() => {
        child.kill("SIGKILL");
    });

    it("prints its port, serves, and exits when standard input closes", async () => {
        const [line] = (await once(child.stdout, "data")) as [Buffer];
        expect(line.toString()).to.match(/^\d+\n$/);
        child.stdin.end();
        expect(await exit).to.deep.equal([0, null]);
    });

    it("exits with an error when its standard output is closed", async () => {
        child.stdout.destroy();
        const errors = text(child.stderr);
        expect((await exit)[0]).to.equal(1);
        expect(await errors).to.equal("");
    });
});
