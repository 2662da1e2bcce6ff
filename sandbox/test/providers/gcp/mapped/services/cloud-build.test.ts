import { expect } from "chai";
import { diffInputs } from "../../../../../providers/gcp/diff";
import { MappedProvider, refusal } from "../mapped-provider";

const TRIGGER = "gcp:cloudbuild/trigger:Trigger";
const POOL = "gcp:cloudbuild/workerPool:WorkerPool";
const CONNECTION = "gcp:cloudbuildv2/connection:Connection";
const MEMBER = "gcp:cloudbuildv2/connectionIAMMember:ConnectionIAMMember";
const REPOSITORY = "gcp:cloudbuildv2/repository:Repository";
const PLACE = { project: "p", location: "us-central1" };
const PARENT = "projects/p/locations/us-central1";

const trigger = {
    ...{ ...PLACE, name: "build", description: "Builds", includedFiles: ["docker/**"], approvalConfig: { approvalRequired: false } },
    github: { owner: "team", name: "platform", push: { branch: "^main$" } },
    serviceAccount: "projects/p/serviceAccounts/build@p.iam.gserviceaccount.com",
    build: {
        steps: [{ id: "app", name: "docker", args: ["buildx", "build", "."], waitFors: ["-"] }],
        ...{ images: ["r/app:$SHORT_SHA"], timeout: "1800s" },
        options: { logging: "CLOUD_LOGGING_ONLY", machineType: "E2_HIGHCPU_8", requestedVerifyOption: "VERIFIED" },
    },
};
const connection = {
    ...PLACE,
    name: "github",
    githubConfig: { appInstallationId: 1, authorizerCredential: { oauthTokenSecretVersion: "s" } },
};
const repository = { ...PLACE, name: "platform", parentConnection: "github", remoteUri: "https://github.com/team/platform.git" };
const grant = { ...PLACE, name: "github", role: "roles/cloudbuild.connectionViewer", member: "user:ann@example.com" };

describe("cloudBuild", () => {
    let gcp: MappedProvider;

    beforeEach(async () => {
        gcp = await MappedProvider.start();
    });

    afterEach(() => {
        gcp.stop();
    });

    it("creates, reads, imports, changes and deletes triggers, with IDs that the API generates", async () => {
        const { id, outputs } = await gcp.create(TRIGGER, trigger);
        expect(id).to.match(/^projects\/p\/locations\/us-central1\/triggers\/[0-9a-f-]{36}$/);
        expect([outputs.triggerId, typeof outputs.createTime]).to.deep.equal([id.split("/").at(-1), "string"]);
        const [entry] = gcp.ledger.list();
        expect(entry?.inputs).to.deep.include({ name: "build", github: trigger.github }).and.not.to.have.property("approvalConfig");
        expect(entry?.inputs.build).to.deep.include({
            steps: [{ id: "app", name: "docker", args: ["buildx", "build", "."], waitFor: ["-"] }],
        });
        expect((await gcp.read(TRIGGER, id, trigger))?.inputs).to.deep.equal({ ...trigger, __defaults: [] });
        expect((await gcp.read(TRIGGER, id))?.inputs).to.deep.equal({ ...trigger, __defaults: [] });
        const changed = await gcp.update(TRIGGER, id, trigger, { ...trigger, approvalConfig: { approvalRequired: true } });
        expect([changed.triggerId, changed.approvalConfig]).to.deep.equal([outputs.triggerId, { approvalRequired: true }]);
        await gcp.delete(TRIGGER, id, trigger);
        expect(await gcp.read(TRIGGER, id, trigger)).to.equal(undefined);
    });

    it("replaces the repository of a trigger", async () => {
        await gcp.create(REPOSITORY, repository);
        const { id } = await gcp.create(TRIGGER, trigger);
        const { github: _, ...without } = trigger;
        const event = { repository: `${PARENT}/connections/github/repositories/platform`, push: { branch: "^main$" } };
        const outputs = await gcp.update(TRIGGER, id, trigger, { ...without, repositoryEventConfig: event });
        expect([outputs.github, outputs.repositoryEventConfig]).to.deep.equal([undefined, event]);
    });

    for (const [edit, change, paths] of [
        ["the branches", { github: { ...trigger.github, push: { branch: "^develop$" } } }, ["github.push.branch"]],
        ["the time limit", { build: { ...trigger.build, timeout: "3600s" } }, ["build.timeout"]],
        ["the files", { includedFiles: ["docker/**", "pyproject.toml"] }, ["includedFiles.1"]],
        [
            "the machine",
            { build: { ...trigger.build, options: { ...trigger.build.options, machineType: "E2_HIGHCPU_32" } } },
            ["build.options.machineType"],
        ],
        ["the approval", { approvalConfig: { approvalRequired: true } }, ["approvalConfig.approvalRequired"]],
        ["the repository", { github: undefined, repositoryEventConfig: { repository: "r" } }, ["github", "repositoryEventConfig"]],
        ["an omitted approval", { approvalConfig: undefined }, []],
    ] as const) {
        it(`finds the same difference as the official provider for ${edit}`, () => {
            const after = Object.fromEntries(Object.entries({ ...trigger, ...change }).filter(([, value]) => value !== undefined));
            const { changes } = diffInputs(TRIGGER, trigger, after);
            expect(changes.map(({ path }) => path.join("."))).to.deep.equal(paths);
            expect(changes.some(({ replaces }) => replaces)).to.equal(false);
        });
    }

    it("creates, reads, changes and deletes private pools", async () => {
        const pool = { ...PLACE, name: "builds", workerConfig: { machineType: "e2-standard-2", diskSizeGb: 100 } };
        const { id, outputs } = await gcp.create(POOL, pool);
        expect([id, outputs.state]).to.deep.equal([`${PARENT}/workerPools/builds`, "RUNNING"]);
        expect(gcp.ledger.list()[0]?.inputs).to.deep.equal({
            privatePoolV1Config: { workerConfig: { machineType: "e2-standard-2", diskSizeGb: "100" } },
        });
        expect((await gcp.read(POOL, id, pool))?.inputs).to.deep.equal({ ...pool, __defaults: [] });
        const { displayName } = await gcp.update(POOL, id, pool, { ...pool, displayName: "Builds" });
        expect(displayName).to.equal("Builds");
        await gcp.delete(POOL, id, pool);
        expect(gcp.ledger.list()).to.deep.equal([]);
    });

    it("creates connections, and links repositories", async () => {
        const made = await gcp.create(CONNECTION, connection);
        expect(made.outputs.installationStates).to.deep.equal([{ message: "", actionUri: "", stage: "COMPLETE" }]);
        expect((await gcp.read(CONNECTION, made.id, connection))?.inputs).to.deep.equal({ ...connection, __defaults: [] });
        const { id } = await gcp.create(REPOSITORY, repository);
        expect(id).to.equal(`${PARENT}/connections/github/repositories/platform`);
        expect((await gcp.read(REPOSITORY, id))?.inputs).to.deep.equal({ ...repository, __defaults: [] });
        expect(await refusal(gcp.create(REPOSITORY, repository))).to.contain("Error 409");
        await gcp.delete(REPOSITORY, id, repository);
        await gcp.delete(CONNECTION, made.id, connection);
        expect([gcp.ledger.list(), gcp.notes]).to.deep.equal([[], []]);
    });

    it("creates the connection that a program expects, and tells the user", async () => {
        await gcp.create(REPOSITORY, repository);
        await gcp.create(MEMBER, grant);
        expect(gcp.notes).to.deep.equal([
            `the sandbox created connection ${PARENT}/connections/github, which the program expects to exist`,
        ]);
        const { id } = await gcp.create(MEMBER, { ...grant, name: "gitlab" });
        expect(id).to.equal(`${PARENT}/connections/gitlab/${grant.role}/${grant.member}`);
        expect((await gcp.read(MEMBER, id))?.inputs).to.deep.equal({ ...grant, name: "gitlab", condition: undefined, __defaults: [] });
        await gcp.delete(MEMBER, id, grant);
        expect(await gcp.read(MEMBER, id, grant)).to.equal(undefined);
    });

    it("finds the trigger that a killed engine created", async () => {
        const { id } = await gcp.create(TRIGGER, trigger);
        expect([
            gcp.existingId(TRIGGER, trigger),
            gcp.existingId(TRIGGER, { ...trigger, description: "other" }),
            gcp.existingId(TRIGGER, { ...trigger, location: "us-east1" }),
        ]).to.deep.equal([id, undefined, undefined]);
    });
});
