import * as grpc from "@grpc/grpc-js";
import { AnalyzerService } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import { AnalyzerStackConfigureRequest } from "@pulumi/pulumi/proto/analyzer_pb";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/**
 * Starts a policy pack in the same way as a current Node.js language host: waits until the engine names the stack, starts the pack with that name in its environment,
 * and forwards every call.
 */

type Call = grpc.ServerUnaryCall<Buffer, Buffer>;
type Done = grpc.sendUnaryData<Buffer>;

const unread = (message: Buffer): Buffer => message;

/** The engine's calls, with messages forwarded as raw bytes. The handshake comes before the stack is known; without one, the engine assumes an older pack. */
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

/** No limit: a whole stack in one message exceeds gRPC's default of 4 MiB. */
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

// Standard input closes when the engine ends, even if it was killed.
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
