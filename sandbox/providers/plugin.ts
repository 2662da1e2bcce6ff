import { Server, ServerCredentials } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { fstatSync } from "node:fs";
import { promisify } from "node:util";
import { handlers } from "./handlers";
import type { Provider } from "./provider";

/** A running provider server. */
export interface ServedProvider {
    /** Port on 127.0.0.1. */
    readonly port: number;
    /** Stops accepting calls, aborts running calls and closes the port. */
    close(): void;
}

/** Serves a provider over the plugin protocol on a free port of 127.0.0.1. */
export async function serveProvider(provider: Provider): Promise<ServedProvider> {
    // The engine does not limit the message size either.
    const server = new Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
    server.addService(ResourceProviderService, handlers(provider));
    const bind = promisify(server.bindAsync.bind(server));
    const port = await bind("127.0.0.1:0", ServerCredentials.createInsecure());
    return {
        port,
        close: () => {
            server.forceShutdown();
        },
    };
}

/**
 * Runs this process as a plugin: serves the provider, prints the port as the first line of standard output, and exits when standard input
 * is closed, which happens whenever the engine exits. If the start fails, prints the error to standard error and exits with status 1.
 */
export async function runPlugin(provider: Provider): Promise<void> {
    process.on("uncaughtException", (error) => fail(error));
    process.on("unhandledRejection", (error) => fail(error));
    process.stdout.on("error", () => process.exit(1));
    try {
        const { port } = await serveProvider(provider);
        const input = fstatSync(0);
        if (input.isFIFO() || input.isSocket()) {
            process.stdin.resume().on("close", () => process.exit(0));
        }
        process.stdout.write(`${port}\n`);
    } catch (error) {
        fail(error);
    }
}

function fail(error: unknown): never {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
}
