import { expect } from "chai";
import { APIS } from "../../../../../gke/apis";
import { routesOf } from "../../../../cloud/api/routes";
import { projectNumber } from "../../../../cloud/generated";
import { DEFAULT_APIS } from "../../../../cloud/handlers/service-usage/enabled-apis";
import { ApiUnderTest, testServices } from "../../test-api";

/** APIs of the list without a request that belongs to a project, or that the sandbox does not serve. */
const WITHOUT_REQUESTS = ["sts", "containerfilesystem", "containerscanning"].map((name) => `${name}.googleapis.com`);

const USAGE = "serviceusage.googleapis.com/v1/projects";

describe("the APIs that npm run bootstrap enables", () => {
    let api: ApiUnderTest;

    beforeEach(async () => {
        api = await ApiUnderTest.start();
    });

    afterEach(() => {
        api.stop();
    });

    /** One request for each served API, by host. The request belongs to the project. */
    function requests(project: string): ReadonlyMap<string, readonly [method: string, at: string]> {
        const found = routesOf(testServices(api.ledger).map(({ document }) => document)).flatMap(
            ({ document, method: { httpMethod, path, parameters } }) => {
                const [, name = ""] = /\{\+?(\w+)\}/.exec(path) ?? [];
                const pattern = parameters[name]?.pattern?.replace("^[^/]+/", "^projects/") ?? "";
                const at = pattern.startsWith("^projects/")
                    ? path.replace(/\{\+?\w+\}/, pattern.slice(1, -1).replaceAll("[^/]+", "x").replace("/x", `/${project}`))
                    : path.replace(/\{(project(Id)?|resource)\}/, project);
                const inQuery = parameters.project?.location === "query" && httpMethod === "GET" ? `?project=${project}` : "";
                return at.includes(project) || inQuery !== ""
                    ? [[document.host, httpMethod, `${document.servicePath}${at}${inQuery}`] as const]
                    : [];
            },
        );
        const list = found
            .filter(([host, method]) => host !== "serviceusage.googleapis.com" || method === "GET")
            // A project is read through the API of the caller's project.
            .filter(([host, method]) => host !== "cloudresourcemanager.googleapis.com" || method === "POST")
            // The shortest path has no other parameters.
            .sort(([, , a], [, , b]) => b.length - a.length);
        return new Map(list.map(([host, method, at]) => [host, [method, `${host}/${at}`]]));
    }

    for (const host of Object.keys(APIS)) {
        it(`accept requests to ${host} only while it is enabled`, async () => {
            const request = requests("my-project").get(host);
            if (request === undefined) {
                expect(WITHOUT_REQUESTS).to.include(host);
                return;
            }
            const [method, at] = request;
            expect(await api.refusal(method, at)).to.not.contain("has not been used in project");
            await api.call("POST", `${USAGE}/my-project/services/${host}:disable`, { disableDependentServices: true });
            expect(await api.refusal(method, at)).to.match(
                new RegExp(
                    `^403 (PERMISSION_DENIED)?: .* API has not been used in project ${projectNumber("my-project")} before .*/apis/api/${host}/overview`,
                ),
            );
            await api.call("POST", `${USAGE}/my-project/services/${host}:enable`);
            expect(await api.refusal(method, at)).to.not.contain("has not been used in project");
        });
    }

    it("exceed those of a new project, which are Cloud Storage and Service Usage", async () => {
        expect(Object.keys(APIS).filter((host) => DEFAULT_APIS.includes(host))).to.deep.equal([
            "serviceusage.googleapis.com",
            "storage.googleapis.com",
        ]);
        expect(await api.refusal("GET", "storage.googleapis.com/storage/v1/b?project=new")).to.equal("200 : ");
        expect(await api.refusal("GET", "secretmanager.googleapis.com/v1/projects/new/secrets")).to.match(/^403 .*Secret Manager API/);
    });
});

describe("a refusal of a disabled API", () => {
    let api: ApiUnderTest;

    before(async () => {
        api = await ApiUnderTest.start();
    });

    after(() => {
        api.stop();
    });

    it("has Google's details, before any other check", async () => {
        const number = projectNumber("new");
        const url = `https://console.developers.google.com/apis/api/cloudkms.googleapis.com/overview?project=${number}`;
        const message =
            `Cloud Key Management Service (KMS) API has not been used in project ${number} before or it is disabled. Enable it by visiting ${url} then retry. ` +
            "If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry.";
        const at = "cloudkms.googleapis.com/v1/projects/new/locations/nowhere/keyRings?keyRingId=%20";
        expect(await api.call("POST", at, {})).to.deep.equal({
            status: 403,
            body: {
                error: {
                    ...{ code: 403, message, status: "PERMISSION_DENIED" },
                    details: [
                        {
                            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                            reason: "SERVICE_DISABLED",
                            domain: "googleapis.com",
                            metadata: {
                                ...{ service: "cloudkms.googleapis.com", serviceTitle: "Cloud Key Management Service (KMS) API" },
                                ...{ consumer: `projects/${number}`, containerInfo: number, activationUrl: url },
                            },
                        },
                        { "@type": "type.googleapis.com/google.rpc.LocalizedMessage", locale: "en-US", message },
                        {
                            "@type": "type.googleapis.com/google.rpc.Help",
                            links: [{ description: "Google developers console API activation", url }],
                        },
                    ],
                },
            },
        });
    });

    it("depends on the project of the resource, for buckets and accounts too", async () => {
        await api.call("POST", "storage.googleapis.com/storage/v1/b?project=q", { name: "data" });
        await api.call("POST", `${USAGE}/q/services/storage.googleapis.com:disable`, {});
        expect(await api.refusal("GET", "storage.googleapis.com/storage/v1/b/data")).to.match(
            new RegExp(`^403 .*Cloud Storage JSON API has not been used in project ${projectNumber("q")} `),
        );
        expect(await api.refusal("GET", "storage.googleapis.com/storage/v1/b/none")).to.match(/^404 /);
        const token = "iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/deploy@new.iam.gserviceaccount.com:generateAccessToken";
        expect(await api.refusal("POST", token, { scope: ["x"] })).to.equal("404 NOT_FOUND: Unknown service account");
    });
});
