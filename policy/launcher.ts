import * as grpc from "@grpc/grpc-js";
import { AnalyzerService } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import { AnalyzerStackConfigureRequest } from "@pulumi/pulumi/proto/analyzer_pb";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/**
 * Does what a current Node.js language host does with a policy pack: it waits until the engine has said which stack is judged, starts the pack with that in its
 * environment, and hands every call on to it.
 */

type Call = grpc.ServerUnaryCall<Buffer, Buffer>;
type Done = grpc.sendUnaryData<Buffer>;

const unread = (message: Buffer): Buffer => message;

/** The engine's calls, with messages left as they are on the wire. The handshake comes before the stack is known; the engine takes a missing one for an older pack. */
const calls = Object.entries(AnalyzerService as unknown as grpc.ServiceDefinition).filter(([name]) => name !== "handshake");
const service = Object.fromEntries(
    calls.map(([name, { path }]): [string, grpc.MethodDefinition<Buffer, Buffer>] => [
        name,
        {
            path,
            requestStream: false,
            responseStream: false,
            requestSerialize: unread,
            requestDeserialize: unread,
            responseSerialize: unread,
            responseDeserialize: unread,
        },
    ]),
);

let pack: Promise<grpc.Client> | undefined;

async function startPack(stack: NodeJS.ProcessEnv): Promise<grpc.Client> {
    const runner = require.resolve("@pulumi/pulumi/cmd/run-policy-pack");
    const child = spawn(process.execPath, [runner, process.argv[2] ?? "", __dirname], {
        env: { ...process.env, ...stack },
        stdio: ["ignore", "pipe", "inherit"],
    });
    child.once("exit", (code) => process.exit(code ?? 1));
    process.once("exit", () => child.kill());
    const [port] = (await once(createInterface(child.stdout), "line")) as [string];
    return new grpc.Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), LIMITS);
}

/** A whole stack in one message is larger than gRPC's own limit of 4 MiB; the pack accepts as much. */
const LIMITS = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };

function handOn(path: string) {
    return ({ request, metadata }: Call, done: Done): void => {
        pack ??= startPack({});
        pack.then((client) => client.makeUnaryRequest(path, unread, unread, request, metadata, done as grpc.requestCallback<Buffer>), done);
    };
}

function configureStack(call: Call, done: Done): void {
    const request = AnalyzerStackConfigureRequest.deserializeBinary(new Uint8Array(call.request));
    pack ??= startPack({
        PULUMI_NODEJS_ORGANIZATION: request.getOrganization(),
        PULUMI_NODEJS_PROJECT: request.getProject(),
        PULUMI_NODEJS_STACK: request.getStack(),
        PULUMI_NODEJS_DRY_RUN: String(request.getDryRun()),
        PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().entries())),
    });
    handOn(AnalyzerService.configureStack.path)(call, done);
}

// The engine closes standard input when it ends, however it ends.
process.stdin.resume().once("close", () => process.exit(0));

const server = new grpc.Server(LIMITS);
server.addService(service, { ...Object.fromEntries(calls.map(([name, { path }]) => [name, handOn(path)])), configureStack });
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error !== null) {
        throw error;
    }
    // The engine reads the port here.
    console.log(String(port));
});
