import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { JsonObject } from "../../../../cloud/json";
import { Ledger } from "../../../../cloud/ledger";
import { gcpProvider } from "../../../../providers/gcp/gcp-provider";
import { findMappedType } from "../../../../providers/gcp/mapped/all";
import type { Properties } from "../../../../providers/property-values";
import type { Existing, Operation, Provider } from "../../../../providers/provider";
import { FakeClusters } from "../../../cloud/gke/fake-clusters";
import { testAccess, testApi, TOKEN } from "../../../cloud/test-api";

/** The provider, connected to Google's API over an empty ledger. Sets the access token in the environment until `stop`. */
export class MappedProvider {
    private constructor(
        readonly ledger: Ledger,
        readonly clusters: FakeClusters,
        readonly provider: Provider,
        /** Messages that the user sees. */
        readonly notes: readonly string[],
        private readonly folder: string,
        private readonly server: Server,
    ) {}

    static async start(): Promise<MappedProvider> {
        const folder = mkdtempSync(path.join(tmpdir(), "mapped-"));
        const ledger = Ledger.open(path.join(folder, "ledger.json"));
        const socket = path.join(folder, "cloud.sock");
        const clusters = new FakeClusters();
        const server = createServer(testApi(ledger, testAccess(ledger), clusters));
        await new Promise<void>((resolve) => server.listen(socket, resolve));
        process.env.GOOGLE_OAUTH_ACCESS_TOKEN = TOKEN;
        const notes: string[] = [];
        const provider = gcpProvider(socket, (_, message) => notes.push(message));
        return new MappedProvider(ledger, clusters, provider, notes, folder, server);
    }

    async create(type: string, inputs: Properties): Promise<{ readonly id: string; readonly outputs: Properties }> {
        return this.provider.create({ ...operation(type), inputs, preview: false });
    }

    /** @param inputs undefined for an import */
    async read(type: string, id: string, inputs?: Properties): Promise<Existing | undefined> {
        return this.provider.read({ ...operation(type), id, inputs, outputs: undefined });
    }

    async update(type: string, id: string, oldInputs: Properties, inputs: Properties): Promise<Properties> {
        return this.provider.update({ ...operation(type), id, inputs, oldInputs, oldOutputs: {}, preview: false });
    }

    async delete(type: string, id: string, inputs: Properties): Promise<void> {
        await this.provider.delete({ ...operation(type), id, inputs, outputs: {} });
    }

    /** Returns the ID of a resource that an engine created with these inputs before it was killed. */
    existingId(type: string, inputs: Properties): string | undefined {
        return findMappedType(type)?.findIn(this.ledger.list(), inputs as JsonObject);
    }

    stop(): void {
        delete process.env.GOOGLE_OAUTH_ACCESS_TOKEN;
        this.server.close();
        this.server.closeAllConnections();
        rmSync(this.folder, { recursive: true });
    }
}

function operation(type: string): Operation {
    return { urn: "urn", type, name: "n", cancelled: new AbortController().signal };
}

/** The message of the error with which a promise is rejected. */
export async function refusal(work: Promise<unknown>): Promise<string> {
    try {
        await work;
    } catch (error) {
        return (error as Error).message;
    }
    return "it succeeded";
}
