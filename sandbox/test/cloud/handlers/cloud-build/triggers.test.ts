import { expect } from "chai";
import { ApiUnderTest } from "../../test-api";

const V1 = "cloudbuild.googleapis.com/v1/projects/p/locations/us-central1";
const V2 = "cloudbuild.googleapis.com/v2/projects/p/locations/us-central1";
const trigger = {
    name: "build",
    github: { owner: "team", name: "platform", push: { branch: "^main$" } },
    build: { steps: [{ name: "docker", args: ["build", "."] }], timeout: "60s" },
};

describe("cloudBuild", () => {
    let api: ApiUnderTest;

    beforeEach(async () => {
        api = await ApiUnderTest.start();
    });

    afterEach(() => {
        api.stop();
    });

    const create = async (body: object = trigger): Promise<string> => String((await api.call("POST", `${V1}/triggers`, body)).body.id);

    it("generates the IDs of triggers, and finds triggers by their names too", async () => {
        const id = await create();
        const { body } = await api.call("GET", `${V1}/triggers/${id}`);
        expect(body).to.deep.include({ ...trigger, id });
        expect(body.resourceName).to.match(new RegExp(`^projects/\\d{12}/locations/us-central1/triggers/${id}$`));
        expect((await api.call("GET", `cloudbuild.googleapis.com/v1/${String(body.resourceName)}`)).body).to.deep.equal(body);
        expect((await api.call("GET", `${V1}/triggers/build`)).body).to.deep.equal(body);
        expect((await api.call("GET", `${V1}/triggers`)).body).to.deep.equal({ triggers: [body] });
        expect((await api.call("DELETE", `${V1}/triggers/${id}`)).body).to.deep.equal({});
        expect(await api.refusal("GET", `${V1}/triggers/${id}`)).to.equal("404 NOT_FOUND: Requested entity was not found.");
    });

    it("replaces a trigger without an update mask, and changes the fields of one", async () => {
        const id = await create();
        const { github: _, ...manual } = trigger;
        const masked = await api.call("PATCH", `${V1}/triggers/${id}?updateMask=description,disabled`, { description: "d", tags: ["t"] });
        expect(masked.body).to.deep.include({ github: trigger.github, description: "d" }).and.not.to.have.property("tags");
        const replaced = await api.call("PATCH", `${V1}/triggers/${id}`, manual);
        expect(replaced.body)
            .to.deep.include({ ...manual, id })
            .and.not.to.have.any.keys("github", "description");
    });

    it("refuses invalid and existing names, and unknown repositories, locations and fields", async () => {
        const refusal = (body: object, at = V1) => api.refusal("POST", `${at}/triggers`, body);
        await create();
        expect(await refusal(trigger)).to.match(/^409 ALREADY_EXISTS: trigger \(\d{12}, build\) already exists$/);
        expect(await refusal({ ...trigger, name: "build-" })).to.match(/^400 INVALID_ARGUMENT: invalid trigger name "build-"/);
        const repository = "projects/p/locations/us-central1/connections/c/repositories/r";
        expect(await refusal({ ...trigger, name: "b", repositoryEventConfig: { repository } })).to.match(/^404 NOT_FOUND/);
        expect(await refusal(trigger, V1.replace("us-central1", "us-centrl1"))).to.match(/^403 PERMISSION_DENIED/);
        expect(await refusal({ ...trigger, branch: "main" })).to.match(/Unknown name "branch" at 'build_trigger'/);
        expect((await api.call("POST", `${V1.replace("us-central1", "global")}/triggers`, trigger)).status).to.equal(200);
    });

    it("runs triggers at a commit, and serves the builds", async () => {
        const id = await create();
        const source = { commitSha: "a".repeat(40) };
        const { body } = await api.call("POST", `${V1}/triggers/build:run`, { source });
        const started = body.metadata as { build: { id: string; name: string } };
        expect(started.build).to.deep.include({ status: "WORKING", buildTriggerId: id, substitutions: { COMMIT_SHA: source.commitSha } });
        const done = await api.call("GET", `cloudbuild.googleapis.com/v1/${String(body.name)}`);
        expect(done.body.response).to.include({ id: started.build.id });
        expect((await api.call("GET", `${V1}/builds`)).body).to.deep.equal({ builds: [started.build] });
        expect((await api.call("GET", `${V1}/builds/${started.build.id}`)).body).to.deep.equal(started.build);
        expect((await api.call("GET", `${V1.replace("us-central1", "us-east1")}/builds`)).body).to.deep.equal({});
        expect(await api.refusal("GET", `${V1}/builds/other`)).to.match(/^404/);
        const filtered = (filter: string) => api.call("GET", `${V1}/builds?filter=${encodeURIComponent(filter)}`);
        // gcloud builds list --ongoing
        expect((await filtered('status="WORKING" OR status="QUEUED"')).body).to.deep.equal({ builds: [started.build] });
        expect((await filtered(`status!="SUCCESS" AND substitutions.COMMIT_SHA=${"0".repeat(40)}`)).body).to.deep.equal({});
        expect((await filtered('status="SUCCESS"')).body).to.deep.equal({});
        expect((await filtered('create_time>"2026-01-01"')).status).to.equal(400);
        expect(await api.refusal("POST", `${V1}/triggers/other:run`, { source })).to.match(/^404/);
    });

    it("creates, changes, lists and deletes private pools with operations", async () => {
        const { body } = await api.call("POST", `${V1}/workerPools?workerPoolId=builds`, {
            privatePoolV1Config: { workerConfig: { machineType: "e2-standard-2" } },
        });
        expect(body.done).to.equal(undefined);
        const done = await api.call("GET", `cloudbuild.googleapis.com/v1/${String(body.name)}`);
        expect(done.body).to.deep.include({ done: true });
        await api.call("PATCH", `${V1}/workerPools/builds?updateMask=displayName`, { displayName: "Builds" });
        const pools = (await api.call("GET", `${V1}/workerPools`)).body.workerPools as readonly object[];
        expect(pools[0]).to.deep.include({
            name: "projects/p/locations/us-central1/workerPools/builds",
            ...{ displayName: "Builds", state: "RUNNING", privatePoolV1Config: { workerConfig: { machineType: "e2-standard-2" } } },
        });
        expect(await api.refusal("POST", `${V1}/workerPools?workerPoolId=builds`, {})).to.match(/^409 ALREADY_EXISTS/);
        expect(await api.refusal("POST", `${V1}/workerPools?workerPoolId=Builds`, {})).to.match(
            /^400 INVALID_ARGUMENT: Invalid workerPoolId/,
        );
        await api.call("DELETE", `${V1}/workerPools/builds`);
        expect(await api.refusal("GET", `${V1}/workerPools/builds`)).to.match(/^404/);
    });
});

describe("connections", () => {
    let api: ApiUnderTest;

    beforeEach(async () => {
        api = await ApiUnderTest.start();
        await api.call("POST", `${V2}/connections?connectionId=github`, { githubConfig: { appInstallationId: "1" } });
    });

    afterEach(() => {
        api.stop();
    });

    it("link repositories, and delete them with the connection", async () => {
        const repository = { remoteUri: "https://github.com/team/platform.git" };
        await api.call("POST", `${V2}/connections/github/repositories?repositoryId=platform`, repository);
        const linked = (await api.call("GET", `${V2}/connections/github/repositories`)).body.repositories as readonly object[];
        expect(linked[0]).to.include({ name: "projects/p/locations/us-central1/connections/github/repositories/platform", ...repository });
        const all = (await api.call("GET", `${V2}/connections`)).body.connections as readonly object[];
        expect(
            all.map((connection) => Object.entries(connection).find(([name]) => name === "installationState")?.[1] as unknown),
        ).to.deep.equal([{ stage: "COMPLETE" }]);
        await api.call("DELETE", `${V2}/connections/github`);
        expect(await api.refusal("GET", `${V2}/connections/github/repositories/platform`)).to.match(/^404/);
        expect(api.ledger.list()).to.deep.equal([]);
    });

    it("refuse a repository without an address or a connection, and a connection without a host", async () => {
        const link = (connection: string, body: object) =>
            api.refusal("POST", `${V2}/connections/${connection}/repositories?repositoryId=r`, body);
        expect(await link("github", {})).to.equal("400 INVALID_ARGUMENT: Repository.remote_uri must be set.");
        expect(await link("gitlab", { remoteUri: "https://gitlab.com/team/platform.git" })).to.match(/^404 NOT_FOUND/);
        expect(await api.refusal("POST", `${V2}/connections?connectionId=c`, {})).to.match(/must have the configuration of one host\.$/);
    });

    it("have allow policies", async () => {
        const bindings = [{ role: "roles/cloudbuild.connectionViewer", members: ["user:ann@example.com"] }];
        await api.call("POST", `${V2}/connections/github:setIamPolicy`, { policy: { bindings } });
        expect((await api.call("GET", `${V2}/connections/github:getIamPolicy`)).body.bindings).to.deep.equal(bindings);
    });
});
