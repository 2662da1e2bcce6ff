import { expect } from "chai";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import * as pulumi from "@pulumi/pulumi";
import { BuildsError, TriggerBuilds } from "../../../../components/images/trigger/builds-api";

const TRIGGER = "projects/p/locations/us-central1/triggers/t";

describe("TriggerBuilds", () => {
    let server: Server;
    const requests: string[] = [];
    const answers: { status?: number; body: unknown }[] = [];
    let builds: TriggerBuilds;

    before(async () => {
        server = createServer((request, response) => {
            void text(request).then((body) => {
                requests.push(`${request.method ?? ""} ${request.url ?? ""} ${request.headers.authorization ?? ""} ${body}`.trim());
                const { status = 200, body: answer } = answers.shift() ?? { body: {} };
                response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
            });
        });
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        process.env.GOOGLE_CLOUD_BUILD_CUSTOM_ENDPOINT = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/`;
        await pulumi.runtime.setMocks({
            newResource: ({ name }) => ({ id: name, state: {} }),
            call: () => ({ accessToken: "token" }),
        });
        builds = new TriggerBuilds(TRIGGER, new pulumi.ComponentResource("test:index:Owner", "owner"));
    });

    after(() => {
        delete process.env.GOOGLE_CLOUD_BUILD_CUSTOM_ENDPOINT;
        server.close();
        server.closeAllConnections();
    });

    beforeEach(() => {
        requests.length = 0;
        answers.length = 0;
    });

    it("lists the builds of triggers, newest first, over all pages, with the provider's token", async () => {
        const build = (id: string, createTime: string) => ({ id, status: "SUCCESS", createTime, buildTriggerId: "t" });
        answers.push(
            { body: { builds: [build("1", "2026-01-01T00:00:00Z"), { id: "by-hand", status: "SUCCESS" }], nextPageToken: "next" } },
            { body: { builds: [build("2", "2026-01-02T00:00:00Z")] } },
        );
        expect((await builds.list()).map(({ id }) => id)).to.deep.equal(["2", "1"]);
        expect(requests).to.deep.equal([
            "GET /v1/projects/p/locations/us-central1/builds?pageSize=100 Bearer token",
            "GET /v1/projects/p/locations/us-central1/builds?pageSize=100&pageToken=next Bearer token",
        ]);
    });

    it("reads at most 500 builds", async () => {
        for (let page = 0; page < 9; page++) {
            answers.push({ body: { nextPageToken: "next" } });
        }
        expect(await builds.list()).to.deep.equal([]);
        expect(requests).to.have.length(5);
    });

    it("starts a build of a commit", async () => {
        answers.push({ body: { name: "operations/1", metadata: { build: { id: "3", status: "QUEUED" } } } });
        expect(await builds.run("abc")).to.include({ id: "3", status: "QUEUED" });
        expect(requests).to.deep.equal([
            `POST /v1/${TRIGGER}:run Bearer token {"projectId":"p","triggerId":"t","source":{"commitSha":"abc"}}`,
        ]);
    });

    it("fails with the reason of the API", async () => {
        answers.push({ status: 403, body: { error: { message: "Permission denied" } } }, { status: 502, body: "bad gateway" });
        const failure = () => builds.get("1").catch((error: unknown) => error);
        expect(await failure())
            .to.be.instanceOf(BuildsError)
            .and.include({ status: 403, message: "Permission denied" });
        expect(await failure()).to.include({ status: 502, message: "status 502" });
    });
});
