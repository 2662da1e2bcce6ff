import { expect } from "chai";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { knownValue } from "../../../../components/config/pulumi-sdk";
import { deployedDigests, type Digests } from "../../../../components/images/trigger/deployed-digests";
import { git } from "../../../../components/images/source/git";
import { record } from "../../recorded";
import { imagesWith } from "../../settings";

const TAG = "images-0123456789ab";
const DIGEST = `sha256:${"d".repeat(64)}`;
/** Images of a folder that the tests do not change, so that it matches the commit. */
const images = imagesWith({ from: "cloud-build", copy: { context: "docker/mirror" } });

describe("deployedDigests", () => {
    let server: Server;
    let build: object | undefined;

    before(async () => {
        server = createServer((_, response) => {
            response.writeHead(200, { "content-type": "application/json" });
            response.end(JSON.stringify({ ...(build !== undefined && { builds: [build] }) }));
        });
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        process.env.GOOGLE_CLOUD_BUILD_CUSTOM_ENDPOINT = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/`;
    });

    after(() => {
        delete process.env.GOOGLE_CLOUD_BUILD_CUSTOM_ENDPOINT;
        server.close();
        server.closeAllConnections();
    });

    const buildOf = (status: string) => ({
        ...{ id: "1", status, buildTriggerId: "t", tags: [TAG], logUrl: "https://log/1" },
        substitutions: { COMMIT_SHA: git(".", "rev-parse", "HEAD").trim() },
        results: { images: ["copy"].map((name) => ({ name: `r/ml/${name}:1`, digest: DIGEST })) },
    });

    async function found(preview: boolean) {
        let digests: pulumi.Output<Digests> | undefined;
        const recording = await record(
            () => {
                const owner = new pulumi.ComponentResource("test:index:Owner", "owner");
                const trigger = new gcp.cloudbuild.Trigger("t", { build: { tags: [TAG], steps: [{ name: "docker" }] } });
                digests = deployedDigests({ trigger, registryUri: pulumi.output("r/ml"), images, owner });
            },
            { preview, call: () => ({ accessToken: "token" }) },
        );
        const value = await knownValue(digests as pulumi.Output<Digests>);
        return { value, messages: recording.messages };
    }

    it("returns the digests of a finished build, during preview too", async () => {
        build = buildOf("SUCCESS");
        expect((await found(false)).value).to.deep.equal({ copy: DIGEST });
        expect((await found(true)).value).to.deep.equal({ copy: DIGEST });
    });

    it("returns unknown digests during preview before the build has finished, and does not wait for it", async () => {
        for (const status of ["WORKING", "FAILURE"]) {
            build = buildOf(status);
            expect((await found(true)).value).to.equal(undefined);
        }
        build = undefined;
        expect((await found(true)).value).to.equal(undefined);
    });
});
