import { expect } from "chai";
import { once } from "node:events";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { AnalysisError, occurrencesOf } from "../../../../scripts/promotion/registry/artifact-analysis";

const IMAGE = { project: "p", url: "https://us-docker.pkg.dev/p/r/i" };
const DIGEST = `sha256:${"a".repeat(64)}`;
/** https://cloud.google.com/artifact-analysis/docs/investigate-vulnerabilities */
const OCCURRENCE = {
    ...{ name: "projects/p/occurrences/1", resourceUri: `${IMAGE.url}@${DIGEST}`, kind: "DISCOVERY" },
    ...{ noteName: "projects/goog-analysis/notes/PACKAGE_VULNERABILITY", discovery: { analysisStatus: "FINISHED_SUCCESS" } },
};
const ENDPOINT = "GOOGLE_CONTAINER_ANALYSIS_CUSTOM_ENDPOINT";
const TOKEN = "GOOGLE_OAUTH_ACCESS_TOKEN";

describe("occurrencesOf", () => {
    const { [ENDPOINT]: endpoint, [TOKEN]: token } = process.env;
    let asked: string[] = [];
    let answers: readonly (readonly [status: number, body: object | string])[] = [];
    const server = http.createServer((request, response) => {
        const { pathname, searchParams } = new URL(request.url ?? "", "http://analysis");
        asked.push([request.headers.authorization, pathname, searchParams.get("filter"), searchParams.get("pageToken")].join(" "));
        const [status, body] = answers[asked.length - 1] ?? [500, ""];
        response.statusCode = status;
        response.end(typeof body === "string" ? body : JSON.stringify(body));
    });

    before(async () => {
        server.listen(0, "127.0.0.1");
        await once(server, "listening");
        process.env[ENDPOINT] = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/`;
        process.env[TOKEN] = "secret";
    });
    after(() => {
        server.close();
        for (const [name, value] of [
            [ENDPOINT, endpoint],
            [TOKEN, token],
        ] as const) {
            if (value === undefined) {
                Reflect.deleteProperty(process.env, name);
            } else {
                process.env[name] = value;
            }
        }
    });

    const answered = (...given: typeof answers) => {
        [asked, answers] = [[], given];
        return occurrencesOf(IMAGE, DIGEST, "DISCOVERY");
    };
    const refusal = (...given: typeof answers) => answered(...given).catch((error: unknown) => error);

    it("are listed by image and kind, from all pages", async () => {
        const found = await answered(
            [200, { occurrences: [OCCURRENCE, OCCURRENCE], nextPageToken: "next" }],
            [200, { occurrences: [OCCURRENCE] }],
        );
        expect(found).to.have.length(3);
        const request = `Bearer secret /v1/projects/p/occurrences kind="DISCOVERY" AND resourceUrl="${IMAGE.url}@${DIGEST}"`;
        expect(asked).to.deep.equal([`${request} `, `${request} next`]);
        expect(await answered([200, {}])).to.deep.equal([]);
    });

    it("cannot be read if the API refuses the request, or answers something else", async () => {
        const denied = {
            error: { code: 403, message: "Permission 'containeranalysis.occurrences.list' denied", status: "PERMISSION_DENIED" },
        };
        expect(await refusal([403, denied]))
            .to.be.instanceOf(AnalysisError)
            .and.to.include({ message: denied.error.message, isDisabled: false });
        const disabled = { error: { message: "Container Analysis API has not been used", details: [{ reason: "SERVICE_DISABLED" }] } };
        expect(await refusal([403, disabled])).to.include({ isDisabled: true });
        expect(await refusal([502, "<html>"]))
            .to.be.instanceOf(AnalysisError)
            .and.to.include({ message: "status 502" });
        expect(await refusal([200, { occurrences: [{}] }])).to.include({
            message: "Artifact Analysis answered something other than occurrences",
        });
    });
});
