import { expect } from "chai";
import { serviceAgent } from "../../../../cloud/handlers/service-usage/services";
import { ApiUnderTest } from "../../test-api";

const HOST = "artifactregistry.googleapis.com/v1";
const PARENT = "projects/p/locations/us-central1";
const NAME = `${PARENT}/repositories/images`;
const KEY = "projects/keys/locations/us-central1/keyRings/ring/cryptoKeys/key";
const AGENT = `serviceAccount:${serviceAgent("p", "artifactregistry.googleapis.com")}`;

describe("artifactRegistry", () => {
    let api: ApiUnderTest;

    beforeEach(async () => {
        api = await ApiUnderTest.start();
    });

    afterEach(() => {
        api.stop();
    });

    const create = (body: unknown, id = "images", parent = PARENT) =>
        api.refusal("POST", `${HOST}/${parent}/repositories?repositoryId=${id}`, body);
    const patch = (mask: string, body: unknown) => api.refusal("PATCH", `${HOST}/${NAME}?updateMask=${mask}`, body);

    it("creates a repository with an operation that is done at the next request, and fills in Google's defaults", async () => {
        const started = await api.call("POST", `${HOST}/${PARENT}/repositories?repositoryId=images`, {
            format: "DOCKER",
            labels: { team: "ml" },
            name: "ignored",
        });
        expect([started.status, Object.keys(started.body)]).to.deep.equal([200, ["name", "metadata"]]);
        const { body: operation } = await api.call("GET", `${HOST}/${String(started.body.name)}`);
        const { body: repository } = await api.call("GET", `${HOST}/${NAME}`);
        const { createTime, updateTime, vulnerabilityScanningConfig, ...rest } = repository;
        expect([rest, createTime === updateTime]).to.deep.equal([
            {
                name: NAME,
                mode: "STANDARD_REPOSITORY",
                dockerConfig: {},
                format: "DOCKER",
                labels: { team: "ml" },
                registryUri: "127.0.0.1:5000/us-central1-docker.pkg.dev/p/images",
                satisfiesPzi: true,
            },
            true,
        ]);
        expect(vulnerabilityScanningConfig).to.deep.equal({ enablementState: "SCANNING_ACTIVE", lastEnableTime: createTime });
        expect([operation.done, operation.response]).to.deep.equal([
            true,
            { "@type": "type.googleapis.com/google.devtools.artifactregistry.v1.Repository", ...repository },
        ]);
        expect(await api.refusal("GET", `${HOST}/${PARENT}/operations/none`)).to.equal("404 NOT_FOUND: Requested entity was not found.");
    });

    it("lists the repositories of one location only", async () => {
        for (const [id, parent] of [
            ["b", PARENT],
            ["a", PARENT],
            ["c", "projects/p/locations/us"],
            ["d", "projects/q/locations/us-central1"],
        ] as const) {
            expect(await create({ format: "DOCKER" }, id, parent)).to.equal("200 : ");
        }
        const names = async (query: string): Promise<unknown> => {
            const { body } = await api.call("GET", `${HOST}/${PARENT}/repositories${query}`);
            return [(body.repositories as { name: string }[]).map(({ name }) => name.split("/").at(-1)), body.nextPageToken !== undefined];
        };
        expect([await names(""), await names("?pageSize=1")]).to.deep.equal([
            [["a", "b"], false],
            [["a"], true],
        ]);
    });

    it("changes the fields of the mask, and refuses immutable ones", async () => {
        await create({ format: "DOCKER", description: "old", labels: { a: "b" } });
        expect(await patch("description,labels", { description: "new", format: "NPM" })).to.equal("200 : ");
        const { body } = await api.call("GET", `${HOST}/${NAME}`);
        expect([body.description, body.labels, body.format]).to.deep.equal(["new", undefined, "DOCKER"]);
        expect(await patch("format", { format: "NPM" })).to.equal("400 INVALID_ARGUMENT: Field 'format' is immutable");
        expect(await patch("kmsKeyName", { kmsKeyName: KEY })).to.equal("400 INVALID_ARGUMENT: Field 'kmsKeyName' is immutable");
        expect(await patch("size", {})).to.equal("400 INVALID_ARGUMENT: Invalid field mask: unknown field 'size'");
    });

    it("scans a repository unless its setting or the project disables scanning", async () => {
        await create({ format: "DOCKER" });
        await create({ format: "DOCKER", vulnerabilityScanningConfig: { enablementConfig: "DISABLED" } }, "off");
        await create({ format: "NPM" }, "npm");
        const state = async (id: string): Promise<unknown> =>
            (await api.call("GET", `${HOST}/${PARENT}/repositories/${id}`)).body.vulnerabilityScanningConfig;
        expect(await state("images")).to.include({ enablementState: "SCANNING_ACTIVE" });
        expect([await state("off"), await state("npm")]).to.deep.equal([
            {
                enablementConfig: "DISABLED",
                enablementState: "SCANNING_DISABLED",
                enablementStateReason: "Vulnerability scanning is explicitly disabled for repository.",
            },
            { enablementState: "SCANNING_UNSUPPORTED" },
        ]);
        await api.call("POST", "serviceusage.googleapis.com/v1/projects/p/services/containerscanning.googleapis.com:disable", {});
        expect(await state("images")).to.include({
            enablementState: "SCANNING_DISABLED",
            enablementStateReason: "API containerscanning.googleapis.com is not enabled.",
        });
    });

    it("deletes a repository once", async () => {
        await create({ format: "DOCKER" });
        expect(await api.refusal("DELETE", `${HOST}/${NAME}`)).to.equal("200 : ");
        expect(await api.refusal("DELETE", `${HOST}/${NAME}`)).to.equal("404 NOT_FOUND: Requested entity was not found.");
        expect(api.ledger.list()).to.deep.equal([]);
    });

    it("accepts a key in the repository's location that Artifact Registry's agent may use", async () => {
        const body = { format: "DOCKER", kmsKeyName: KEY };
        expect(await create(body, "images", "projects/p/locations/europe-west1")).to.equal(
            `400 INVALID_ARGUMENT: The KMS key '${KEY}' is not in the repository's location 'europe-west1'`,
        );
        const started = await api.call("POST", `${HOST}/${PARENT}/repositories?repositoryId=images`, body);
        expect((await api.call("GET", `${HOST}/${String(started.body.name)}`)).body).to.deep.include({
            done: true,
            error: {
                code: 7,
                message:
                    "Permission denied on Cloud KMS key. Please ensure your Artifact Registry service account has been authorized to use the configured key.",
            },
        });
        expect(await api.refusal("GET", `${HOST}/${NAME}`)).to.equal("404 NOT_FOUND: Requested entity was not found.");
        const policy = { bindings: [{ role: "roles/cloudkms.cryptoKeyEncrypterDecrypter", members: [AGENT] }] };
        const now = { status: "RUNNING", provisioned: {}, uuid: "u", createdAt: "", updatedAt: "" } as const;
        api.ledger.put({ type: "cloudkms.googleapis.com/CryptoKey", id: KEY, inputs: {}, policy, ...now });
        expect(await create(body)).to.equal("200 : ");
        expect((await api.call("GET", `${HOST}/${NAME}`)).body.kmsKeyName).to.equal(KEY);
    });

    /** A request that Artifact Registry refuses, the reason, and a valid request. */
    const DOCKER = { format: "DOCKER" };
    const cleanup = (policy: object) => ({ ...DOCKER, cleanupPolicies: { old: policy } });
    const upstream = (repository: string) => ({
        ...DOCKER,
        mode: "VIRTUAL_REPOSITORY",
        virtualRepositoryConfig: { upstreamPolicies: [{ id: "first", repository, priority: 1 }] },
    });
    const remote = {
        ...DOCKER,
        mode: "REMOTE_REPOSITORY",
        remoteRepositoryConfig: { dockerRepository: { publicRepository: "DOCKER_HUB" } },
    };
    const condition = { tagState: "ANY", olderThan: "86400s" };
    for (const [body, why, twin] of [
        [{}, "Repository format must be specified", DOCKER],
        [{ ...DOCKER, labels: { Team: "ml" } }, "Label key 'Team' violates format constraints.", { ...DOCKER, labels: { team: "ml" } }],
        [{ ...DOCKER, labels: { team: "M L" } }, "Label value 'M L' violates format constraints.", { ...DOCKER, labels: { team: "m-l" } }],
        [
            { ...DOCKER, mode: "REMOTE_REPOSITORY" },
            "remote_repository_config must be set for repositories of mode REMOTE_REPOSITORY",
            remote,
        ],
        [
            { ...remote, mode: "STANDARD_REPOSITORY" },
            "remote_repository_config must be set for repositories of mode REMOTE_REPOSITORY",
            remote,
        ],
        [
            { ...DOCKER, virtualRepositoryConfig: {} },
            "virtual_repository_config is only allowed",
            { ...DOCKER, mode: "VIRTUAL_REPOSITORY", virtualRepositoryConfig: {} },
        ],
        [
            { ...DOCKER, mode: "VIRTUAL_REPOSITORY" },
            "Virtual repository config is not specified",
            { ...DOCKER, mode: "VIRTUAL_REPOSITORY", virtualRepositoryConfig: { upstreamPolicies: [] } },
        ],
        [
            { ...remote, remoteRepositoryConfig: { commonRepository: { uri: "https://us-docker.pkg.dev/p/docker" } } },
            "Artifact Registry repositories not supported as custom remote repository URI",
            { ...remote, remoteRepositoryConfig: { commonRepository: { uri: "https://registry-1.docker.io" } } },
        ],
        [
            upstream(`${PARENT}/repositories/none`),
            `Upstream repository '${PARENT}/repositories/none' does not exist`,
            upstream(`${PARENT}/repositories/docker`),
        ],
        [
            upstream(`${PARENT}/repositories/npm`),
            "must have the location and the format of the virtual repository",
            upstream(`${PARENT}/repositories/docker`),
        ],
        [
            upstream("projects/p/locations/us/repositories/docker"),
            "must have the location and the format",
            upstream(`${PARENT}/repositories/docker`),
        ],
        [cleanup({ condition }), "Cleanup policy 'old' must have an action", cleanup({ action: "DELETE", condition })],
        [
            cleanup({ action: "DELETE" }),
            "must have either a condition or most_recent_versions",
            cleanup({ action: "DELETE", condition: {} }),
        ],
        [
            cleanup({ action: "DELETE", mostRecentVersions: { keepCount: 3 } }),
            "most_recent_versions is only allowed with the action KEEP",
            cleanup({ action: "KEEP", mostRecentVersions: { keepCount: 3 } }),
        ],
        [
            { format: "NPM", dockerConfig: {} },
            "docker_config is only allowed for repositories of format DOCKER, not NPM",
            { ...DOCKER, dockerConfig: {} },
        ],
        [
            { ...DOCKER, mavenConfig: {} },
            "maven_config is only allowed for repositories of format MAVEN, not DOCKER",
            { format: "MAVEN", mavenConfig: {} },
        ],
    ] as const) {
        it(`refuses ${JSON.stringify(body)}`, async () => {
            await create(DOCKER, "docker");
            await create({ format: "NPM" }, "npm");
            await create(DOCKER, "docker", "projects/p/locations/us");
            expect(await create(body))
                .to.match(/^400 INVALID_ARGUMENT: /)
                .and.to.contain(why);
            expect(await create(twin)).to.equal("200 : ");
        });
    }

    for (const [id, parent, why] of [
        ["", PARENT, "400 INVALID_ARGUMENT: Request contains an invalid argument."],
        ["Images", PARENT, "400 INVALID_ARGUMENT: Invalid repository id 'Images'"],
        ["images-", PARENT, "400 INVALID_ARGUMENT: Invalid repository id 'images-'"],
        ["a".repeat(64), PARENT, "400 INVALID_ARGUMENT: Invalid repository id 'aaa"],
        [
            "images",
            "projects/p/locations/us-central1-a",
            "403 PERMISSION_DENIED: Permission denied on 'locations/us-central1-a' (or it may not exist)",
        ],
        ["images", "projects/p/locations/global", "403 PERMISSION_DENIED: Permission denied on 'locations/global'"],
        ["images", "projects/p/locations/eu-west3", "403 PERMISSION_DENIED: Permission denied on 'locations/eu-west3'"],
        ["there", PARENT, "409 ALREADY_EXISTS: the repository already exists"],
    ] as const) {
        it(`refuses the repository "${id.slice(0, 10)}" in ${parent}`, async () => {
            await create({ format: "DOCKER" }, "there");
            expect((await create({ format: "DOCKER" }, id, parent)).slice(0, why.length)).to.equal(why);
        });
    }
});
