import { credentials, type ServiceError } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { GetSchemaRequest, type GetSchemaResponse } from "@pulumi/pulumi/proto/provider_pb";
import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { offers } from "../../../components/plugin/offers/all";
import type { PackageSpec } from "../../../components/plugin/package-schema";

const folder = path.resolve("components");

describe("the plugin", function () {
    this.timeout(60_000); // starts Node.js, which is slow on a busy machine
    let program: string;

    beforeEach(() => {
        program = fs.mkdtempSync(path.join(os.tmpdir(), "a program "));
        fs.writeFileSync(path.join(program, "tsconfig.json"), '{ "compilerOptions": { "strict": true, "target": "es5", "lib": ["es5"] } }');
    });
    afterEach(() => {
        fs.rmSync(program, { recursive: true });
    });

    const starts = {
        "as the engine starts a program": [path.join(folder, "pulumi-resource-ml-platform")],
        "as the Node.js language host starts PulumiPlugin.yaml": [
            process.execPath,
            require.resolve("@pulumi/pulumi/cmd/run-plugin"),
            folder,
        ],
    };
    for (const [how, [command = "", ...args]] of Object.entries(starts)) {
        it(`starts in the folder of another program with any compiler options, ${how}`, async () => {
            const child = spawn(command, [...args, "127.0.0.1:1"], { cwd: program, stdio: ["ignore", "pipe", "inherit"] });
            const ended = once(child, "exit");
            try {
                const [port] = (await Promise.race([once(child.stdout, "data"), ended])) as [Buffer];
                expect(Object.keys((await schemaAt(Number(port.toString()))).resources)).to.deep.equal(
                    Object.keys(offers).map((name) => `ml-platform:index:${name}`),
                );
            } finally {
                child.kill();
                await ended;
            }
        });
    }
});

async function schemaAt(port: number): Promise<PackageSpec> {
    const client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
    try {
        const response = await new Promise<GetSchemaResponse>((resolve, reject) => {
            client.getSchema(new GetSchemaRequest(), (error: ServiceError | null, answer: GetSchemaResponse) => {
                if (error === null) {
                    resolve(answer);
                } else {
                    reject(error);
                }
            });
        });
        return JSON.parse(response.getSchema()) as PackageSpec;
    } finally {
        client.close();
    }
}
