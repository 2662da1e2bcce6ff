import { expect } from "chai";
import { projectNumber } from "../../../cloud/generated";
import { ApiUnderTest, TOKEN } from "../test-api";

const PARENT = "artifactregistry.googleapis.com/v1/projects/p/locations/us-central1";
const CREATE = `${PARENT}/repositories?repositoryId=images`;

describe("apiListener", () => {
    let api: ApiUnderTest;

    beforeEach(async () => {
        api = await ApiUnderTest.start();
    });

    afterEach(() => {
        api.stop();
    });

    it("requires a token, with the error of Google's API", async () => {
        const { status, body } = await api.call("GET", `${PARENT}/repositories`, undefined, { authorization: "" });
        expect({ status, body }).to.deep.equal({
            status: 401,
            body: {
                error: {
                    code: 401,
                    message:
                        "Request is missing required authentication credential. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.",
                    status: "UNAUTHENTICATED",
                    details: [
                        {
                            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                            reason: "CREDENTIALS_MISSING",
                            domain: "googleapis.com",
                            metadata: { service: "artifactregistry.googleapis.com" },
                        },
                    ],
                },
            },
        });
    });

    it("refuses an unknown token, and accepts the right one in the query", async () => {
        const { status, body } = await api.call("GET", `${PARENT}/repositories`, undefined, { authorization: "Bearer other" });
        const { message } = body.error as { message: string };
        expect([status, message.split(".")[0]]).to.deep.equal([401, "Request had invalid authentication credentials"]);
        const query = await api.call("GET", `${PARENT}/repositories?access_token=${TOKEN}`, undefined, { authorization: "" });
        expect(query).to.deep.equal({ status: 200, body: {} });
    });

    it("refuses unknown fields at any depth, and names them", async () => {
        const { status, body } = await api.call("POST", CREATE, {
            format: "DOCKER",
            colour: "red",
            dockerConfig: { immutable: true },
            cleanupPolicies: { old: { action: "DELETE", condition: { olderThen: "1s" } } },
        });
        const descriptions = [
            `Invalid JSON payload received. Unknown name "colour" at 'repository': Cannot find field.`,
            `Invalid JSON payload received. Unknown name "immutable" at 'repository.docker_config': Cannot find field.`,
            `Invalid JSON payload received. Unknown name "olderThen" at 'repository.cleanup_policies[old].condition': Cannot find field.`,
        ];
        const fields = ["repository", "repository.docker_config", "repository.cleanup_policies[old].condition"];
        const fieldViolations = fields.map((field, position) => ({ field, description: descriptions[position] }));
        expect({ status, body }).to.deep.equal({
            status: 400,
            body: {
                error: {
                    code: 400,
                    message: descriptions.join("\n"),
                    status: "INVALID_ARGUMENT",
                    details: [{ "@type": "type.googleapis.com/google.rpc.BadRequest", fieldViolations }],
                },
            },
        });
        expect(api.ledger.list()).to.deep.equal([]);
    });

    for (const [what, method, at, body, message] of [
        [
            "an unknown query parameter",
            "GET",
            `${PARENT}/repositories?size=3`,
            undefined,
            `400 INVALID_ARGUMENT: Invalid JSON payload received. Unknown name "size": Cannot bind query parameter. Field 'size' could not be found in request message.`,
        ],
        [
            "a query parameter of another type",
            "GET",
            `${PARENT}/repositories?pageSize=many`,
            undefined,
            `400 INVALID_ARGUMENT: Invalid value at 'page_size' (TYPE_INT32), "many"`,
        ],
        [
            "a value of another type",
            "POST",
            CREATE,
            { format: "DOKCER" },
            `400 INVALID_ARGUMENT: Invalid value at 'repository.format' (TYPE_ENUM), "DOKCER"`,
        ],
        [
            "a project number that no project has",
            "GET",
            "artifactregistry.googleapis.com/v1/projects/123/locations/us/repositories/images",
            undefined,
            "403 PERMISSION_DENIED: Permission denied on resource project 123.",
        ],
        [
            "a page token that no answer contained",
            "GET",
            `${PARENT}/repositories?pageToken=x`,
            undefined,
            "400 INVALID_ARGUMENT: The page token is invalid.",
        ],
        [
            "an API that is not served",
            "GET",
            "run.googleapis.com/v2/projects/p",
            undefined,
            "501 UNIMPLEMENTED: The sandbox does not serve GET /v2/projects/p of run.googleapis.com. It serves artifactregistry.googleapis.com",
        ],
    ] as const) {
        it(`refuses ${what}`, async () => {
            expect((await api.refusal(method, at, body)).slice(0, message.length)).to.equal(message);
        });
    }

    it("refuses a body that is not JSON", async () => {
        expect(await api.refusal("POST", CREATE, "{")).to.match(/^400 INVALID_ARGUMENT: Invalid JSON payload received\. /);
    });

    it("lists the methods of an API that it serves", async () => {
        expect(await api.refusal("POST", `${PARENT}/repositories/r:exportArtifact`)).to.match(
            /^501 UNIMPLEMENTED: The sandbox does not serve POST .*\. It serves .*artifactregistry\.projects\.locations\.repositories\.create/,
        );
    });

    it("accepts names in proto form, enum numbers and project numbers", async () => {
        const created = await api.call("POST", `${PARENT}/repositories?repository_id=images`, {
            format: 1,
            docker_config: { immutable_tags: true },
        });
        expect(created.status).to.equal(200);
        const numbered = PARENT.replace("projects/p", `projects/${projectNumber("p")}`);
        const { body } = await api.call("GET", `${numbered}/repositories/images`);
        expect([body.name, body.format, body.dockerConfig]).to.deep.equal([
            "projects/p/locations/us-central1/repositories/images",
            "DOCKER",
            { immutableTags: true },
        ]);
    });

    it("accepts True and False in a query, as gcloud writes them", async () => {
        const roles = "iam.googleapis.com/v1/projects/p/roles";
        expect((await api.call("GET", `${roles}?showDeleted=False`)).status).to.equal(200);
        expect((await api.call("GET", `${roles}?showDeleted=no`)).status).to.equal(400);
    });

    it("reads the service from the path, and accepts a path without one", async () => {
        await api.call("POST", CREATE, { format: "DOCKER" });
        for (const at of [PARENT, PARENT.replace("artifactregistry.googleapis.com/", "")]) {
            expect((await api.call("GET", `${at}/repositories/images`)).status).to.equal(200);
        }
        expect((await api.call("GET", `${PARENT.replace("artifactregistry", "run")}/repositories/images`)).status).to.equal(501);
    });
});
