import { expect } from "chai";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { EngineLog } from "../../../providers/engine";
import { KubernetesProvider } from "../../../providers/kubernetes/provider";
import { UNKNOWN, type Properties } from "../../../providers/property-values";
import { InitFailed } from "../../../providers/provider";

/** Enough of an API server to answer the provider's calls for one Pod. The Pod goes through the given states, one at each change. */
class ApiServer {
    readonly calls: string[] = [];
    /** Whether the caller may only read. */
    readOnly = false;
    private readonly server: Server;
    private readonly pods = new Map<string, object>();

    constructor(private readonly states: readonly object[]) {
        this.server = createServer((request, response) => {
            this.answer(request, response);
        });
    }

    async start(): Promise<string> {
        await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
        return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    }

    stop(): void {
        this.server.closeAllConnections();
        this.server.close();
    }

    private answer(request: IncomingMessage, response: ServerResponse): void {
        const url = new URL(request.url ?? "", "http://localhost");
        const watch = url.searchParams.has("watch");
        this.calls.push(
            `${request.method ?? ""} ${url.pathname}${watch ? " watch" : ""}${url.searchParams.has("dryRun") ? " dry run" : ""}`,
        );
        const send = (code: number, body: object) => {
            response.writeHead(code, { "content-type": "application/json" }).end(JSON.stringify(body));
        };
        if (url.pathname === "/version") {
            send(200, {});
        } else if (url.pathname === "/api/v1") {
            send(200, { resources: [{ name: "pods", kind: "Pod", namespaced: true }] });
        } else if (watch) {
            this.watch(url.pathname, response);
        } else if (url.pathname === "/api/v1/namespaces/default/pods") {
            send(200, { metadata: { resourceVersion: "1" }, items: [...this.pods.values()] });
        } else if (url.pathname === "/api/v1/namespaces/default/events") {
            send(200, { metadata: {}, items: [] });
        } else if (url.pathname.endsWith("/log")) {
            response.end("one\ntwo\n");
        } else if (request.method === "PATCH" && this.readOnly) {
            send(403, { code: 403, reason: "Forbidden", message: "pods is forbidden" });
        } else if (request.method === "PATCH") {
            const pod = this.pod({});
            if (!url.searchParams.has("dryRun")) {
                this.pods.set("p", pod);
            }
            send(200, pod);
        } else if (this.pods.has("p")) {
            send(200, this.pods.get("p") ?? {});
        } else {
            send(404, { code: 404, reason: "NotFound", message: "not found" });
        }
    }

    private watch(path: string, response: ServerResponse): void {
        response.writeHead(200);
        response.flushHeaders();
        if (!path.endsWith("/pods")) {
            return;
        }
        for (const status of this.states) {
            response.write(`${JSON.stringify({ type: "MODIFIED", object: this.pod(status) })}\n`);
        }
    }

    private pod(status: object): object {
        return { apiVersion: "v1", kind: "Pod", metadata: { name: "p", namespace: "default", uid: "u" }, status };
    }
}

const POD = "kubernetes:core/v1:Pod";
const inputs: Properties = { apiVersion: "v1", kind: "Pod", metadata: { name: "p", namespace: "default" } };
const target = { urn: `urn:pulumi:s::p::${POD}::pod`, type: POD, name: "pod", cancelled: new AbortController().signal };

function kubeconfig(server: string): string {
    return JSON.stringify({
        clusters: [{ name: "c", cluster: { server } }],
        contexts: [{ name: "x", context: { cluster: "c" } }],
        "current-context": "x",
    });
}

class Messages implements EngineLog {
    readonly all: string[] = [];

    log(severity: string, _urn: string, message: string): void {
        this.all.push(`${severity}: ${message}`);
    }

    status(_urn: string, message: string): void {
        this.all.push(message);
    }
}

async function failure(promise: Promise<unknown>): Promise<Error> {
    return promise.then(
        () => {
            throw new Error("it did not fail");
        },
        (error: unknown) => error as Error,
    );
}

describe("KubernetesProvider", () => {
    let messages: Messages;
    let provider: KubernetesProvider;
    let api: ApiServer | undefined;

    async function against(...states: object[]): Promise<ApiServer> {
        api = new ApiServer(states);
        await provider.configure({ kubeconfig: kubeconfig(await api.start()) });
        return api;
    }

    beforeEach(() => {
        messages = new Messages();
        provider = new KubernetesProvider(messages);
    });

    afterEach(() => {
        api?.stop();
        api = undefined;
    });

    it("previews without a connection while the kubeconfig is not known", async () => {
        await provider.configure({ kubeconfig: UNKNOWN });
        expect(await provider.create({ ...target, inputs, preview: true })).to.deep.equal({ id: "", outputs: inputs });
        expect((await failure(provider.create({ ...target, inputs, preview: false }))).message).to.contain("not known yet");
    });

    it("previews by a dry run, and asks for none while inputs are unknown", async () => {
        const { calls } = await against();
        const { outputs } = await provider.create({ ...target, inputs, preview: true });
        expect(outputs).to.deep.equal({ apiVersion: "v1", kind: "Pod", metadata: { name: "p", namespace: "default" } });
        expect(calls.at(-1)).to.equal("PATCH /api/v1/namespaces/default/pods/p dry run");
        const before = calls.length;
        await provider.create({ ...target, inputs: { ...inputs, spec: UNKNOWN }, preview: true });
        expect(calls).to.have.length(before);
    });

    it("previews the inputs if the caller may only read, and refuses to create", async () => {
        const server = await against();
        server.readOnly = true;
        expect(await provider.create({ ...target, inputs, preview: true })).to.deep.equal({ id: "", outputs: inputs });
        expect((await failure(provider.create({ ...target, inputs, preview: false }))).message).to.equal("pods is forbidden");
    });

    it("creates, follows the watch until the object is ready, and says so", async () => {
        const ready = { phase: "Running", conditions: [{ type: "Ready", status: "True" }] };
        await against({ phase: "Pending" }, ready);
        const { id, outputs } = await provider.create({ ...target, inputs, preview: false });
        expect([id, outputs.status]).to.deep.equal(["default/p", ready]);
    });

    it("keeps an object that fails to start, with the reason and the end of its log", async () => {
        const containerStatuses = [{ name: "c", state: { terminated: { exitCode: 3 } } }];
        await against({ phase: "Failed", containerStatuses });
        const error = await failure(provider.create({ ...target, inputs, preview: false }));
        expect(error).to.be.instanceOf(InitFailed);
        const { existing, reasons } = error as InitFailed;
        expect(existing.id).to.equal("default/p");
        expect(reasons).to.deep.equal(["pod p: container c: exited with 3", "the log of pod p, container c, ends with:\n    one\n    two"]);
    });

    it("stops waiting when the update is cancelled, and keeps the object", async () => {
        await against({ phase: "Pending" });
        const cancellation = new AbortController();
        const creation = failure(provider.create({ ...target, cancelled: cancellation.signal, inputs, preview: false }));
        while (!messages.all.some((message) => message.includes("waits for a node"))) {
            await delay(10);
        }
        cancellation.abort();
        const error = await creation;
        expect(error).to.be.instanceOf(InitFailed);
        expect(error.message).to.match(/^cancelled: pod p: /);
    });

    it("gives up when the resource's time is over", async () => {
        await against({ phase: "Pending" });
        const error = await failure(provider.create({ ...target, timeoutSeconds: 1, inputs, preview: false }));
        expect(error.message).to.match(/^not ready after 1 s: /);
    });

    it("refuses to create over an object that exists; a preview warns", async () => {
        await against({ phase: "Succeeded" });
        await provider.create({ ...target, inputs, preview: false });
        expect((await failure(provider.create({ ...target, inputs, preview: false }))).message).to.match(
            /^Pod "default\/p" already exists in the cluster/,
        );
        messages.all.length = 0;
        await provider.create({ ...target, inputs, preview: true });
        expect(messages.all.join()).to.match(/^warning: Pod "default\/p" already exists in the cluster/);
    });

    it("reads what is gone as gone", async () => {
        await against();
        expect(await provider.read({ ...target, id: "default/p", inputs, outputs: inputs })).to.equal(undefined);
    });

    it("says once in a preview that the cluster cannot be reached, with its address", async () => {
        const server = "http://127.0.0.1:1";
        await provider.configure({ kubeconfig: kubeconfig(server) });
        const expected = `the Kubernetes cluster at ${server} cannot be reached: connect ECONNREFUSED`;
        expect((await failure(provider.create({ ...target, inputs, preview: true }))).message).to.contain(expected);
        expect((await provider.create({ ...target, inputs, preview: true })).outputs).to.equal(inputs);
    });
});
