import { CloudBuildClient, v2 } from "@google-cloud/cloudbuild";
import { expect } from "chai";
import { ApiUnderTest } from "../test-api";
import { clientOptions, refusal } from "./client-options";

const PARENT = "projects/p/locations/us-central1";

describe("@google-cloud/cloudbuild", () => {
    let api: ApiUnderTest;

    beforeEach(async () => {
        api = await ApiUnderTest.start();
    });

    afterEach(() => {
        api.stop();
    });

    /** Options of a client. The library keeps the paths of operations of the client that was created last, so each test creates only one. */
    const options = () => clientOptions(api);

    it("creates, gets, lists, updates and deletes triggers", async () => {
        const builds = new CloudBuildClient(options());
        const trigger = {
            ...{ name: "build", includedFiles: ["docker/**"] },
            github: { owner: "team", name: "platform", push: { branch: "^main$" } },
            build: { steps: [{ id: "app", name: "docker", args: ["build", "."] }], timeout: { seconds: 60 }, options: { logging: "NONE" } },
        } as const;
        const create = () =>
            builds.createBuildTrigger({ parent: PARENT, trigger: { ...trigger, includedFiles: [...trigger.includedFiles] } as never });
        const [created] = await create();
        expect([created.name, created.build?.timeout?.seconds, created.build?.options?.logging]).to.deep.equal(["build", "60", "NONE"]);
        expect(await refusal(create())).to.match(/trigger \(\d{12}, build\) already exists/);
        const name = created.resourceName ?? "";
        const [found] = await builds.getBuildTrigger({ name });
        expect([found.id, found.github?.push?.branch]).to.deep.equal([created.id, "^main$"]);
        const [listed] = await builds.listBuildTriggers({ parent: PARENT });
        expect(listed.map(({ id }) => id)).to.deep.equal([created.id]);
        const [changed] = await builds.updateBuildTrigger({ trigger: { ...found, description: "Builds" } });
        expect([changed.description, changed.includedFiles]).to.deep.equal(["Builds", ["docker/**"]]);
        await builds.deleteBuildTrigger({ name });
        expect(await refusal(builds.getBuildTrigger({ name: `${PARENT}/triggers/build` }))).to.contain("Requested entity was not found.");
    });

    it("runs triggers, and gets and lists builds", async () => {
        const builds = new CloudBuildClient(options());
        const [{ id: triggerId = "" }] = await builds.createBuildTrigger({ parent: PARENT, trigger: { name: "build" } });
        const name = `${PARENT}/triggers/${triggerId ?? ""}`;
        await builds.runBuildTrigger({ name, source: { commitSha: "a".repeat(40) } });
        const [[build]] = await builds.listBuilds({ parent: PARENT });
        expect([build?.status, build?.buildTriggerId, build?.substitutions?.COMMIT_SHA]).to.deep.equal([
            "WORKING",
            triggerId,
            "a".repeat(40),
        ]);
        const [found] = await builds.getBuild({ name: `${PARENT}/builds/${build?.id ?? ""}` });
        expect(found.id).to.equal(build?.id);
        expect(await refusal(builds.runBuildTrigger({ name }))).to.contain("source.revision must be specified to run this trigger");
    });

    it("waits for operations on private pools", async () => {
        const builds = new CloudBuildClient(options());
        const workerPool = { privatePoolV1Config: { workerConfig: { machineType: "e2-standard-2", diskSizeGb: 100 } } };
        const [creation] = await builds.createWorkerPool({ parent: PARENT, workerPoolId: "builds", workerPool });
        await creation.promise();
        const [pool] = await builds.getWorkerPool({ name: `${PARENT}/workerPools/builds` });
        expect([pool.name, pool.state, pool.privatePoolV1Config?.workerConfig?.diskSizeGb]).to.deep.equal([
            `${PARENT}/workerPools/builds`,
            "RUNNING",
            "100",
        ]);
        const [deletion] = await builds.deleteWorkerPool({ name: `${PARENT}/workerPools/builds` });
        await deletion.promise();
        expect((await builds.listWorkerPools({ parent: PARENT }))[0]).to.deep.equal([]);
    });

    it("connects hosts and links repositories", async () => {
        const repositories = new v2.RepositoryManagerClient(options());
        const connection = { githubConfig: { appInstallationId: 1, authorizerCredential: { oauthTokenSecretVersion: "s" } } };
        const [creation] = await repositories.createConnection({ parent: PARENT, connectionId: "github", connection });
        await creation.promise();
        const [connected] = await repositories.getConnection({ name: `${PARENT}/connections/github` });
        expect([connected.installationState?.stage, connected.githubConfig?.appInstallationId]).to.deep.equal(["COMPLETE", "1"]);
        const parent = connected.name ?? "";
        const remoteUri = "https://github.com/team/platform.git";
        const [link] = await repositories.createRepository({ parent, repositoryId: "platform", repository: { remoteUri } });
        expect((await link.promise())[0].remoteUri).to.equal(remoteUri);
        const [all] = await repositories.listRepositories({ parent });
        expect(all.map(({ name }) => name)).to.deep.equal([`${parent}/repositories/platform`]);
        const [update] = await repositories.updateConnection({
            connection: { name: parent, disabled: true },
            updateMask: { paths: ["disabled"] },
        });
        expect((await update.promise())[0]).to.include({ disabled: true });
        const [deletion] = await repositories.deleteConnection({ name: parent });
        await deletion.promise();
        expect(await refusal(repositories.getRepository({ name: `${parent}/repositories/platform` }))).to.contain("was not found");
    });
});
