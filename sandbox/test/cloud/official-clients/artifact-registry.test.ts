import { ArtifactRegistryClient } from "@google-cloud/artifact-registry";
import { expect } from "chai";
import { ApiUnderTest } from "../test-api";
import { clientOptions } from "./client-options";

const PARENT = "projects/p/locations/us-central1";
const NAME = `${PARENT}/repositories/images`;

describe("@google-cloud/artifact-registry", () => {
    let api: ApiUnderTest;
    let client: ArtifactRegistryClient;

    beforeEach(async () => {
        api = await ApiUnderTest.start();
        client = new ArtifactRegistryClient(clientOptions(api));
    });

    afterEach(async () => {
        await client.close();
        api.stop();
    });

    async function create(repositoryId: string): Promise<string | null | undefined> {
        const condition = { tagState: "UNTAGGED", olderThan: { seconds: 3600 } } as const;
        const [operation] = await client.createRepository({
            parent: PARENT,
            repositoryId,
            repository: { format: "DOCKER", labels: { team: "ml" }, cleanupPolicies: { old: { action: "DELETE", condition } } },
        });
        const [repository] = await operation.promise();
        return repository.name;
    }

    it("creates, lists, updates and deletes", async () => {
        expect([await create("images"), await create("cache")]).to.deep.equal([NAME, `${PARENT}/repositories/cache`]);
        const repositories = [];
        for await (const repository of client.listRepositoriesAsync({ parent: PARENT, pageSize: 1 }, { autoPaginate: false })) {
            repositories.push(repository);
        }
        expect(repositories.map(({ name, format, mode }) => [name, format, mode])).to.deep.equal([
            [`${PARENT}/repositories/cache`, "DOCKER", "STANDARD_REPOSITORY"],
            [NAME, "DOCKER", "STANDARD_REPOSITORY"],
        ]);
        const [changed] = await client.updateRepository({
            repository: { name: NAME, description: "Images", dockerConfig: { immutableTags: true } },
            updateMask: { paths: ["description", "docker_config.immutable_tags"] },
        });
        expect([changed.description, changed.dockerConfig, changed.labels]).to.deep.equal([
            "Images",
            { immutableTags: true },
            { team: "ml" },
        ]);
        const [operation] = await client.deleteRepository({ name: NAME });
        await operation.promise();
        const gone = await client.getRepository({ name: NAME }).catch((error: unknown) => error);
        expect(gone).to.include({ code: 404 });
    });

    it("reads and writes allow policies", async () => {
        await create("images");
        const [policy] = await client.getIamPolicy({ resource: NAME });
        const bindings = [{ role: "roles/artifactregistry.reader", members: ["user:ann@example.com"] }];
        const [set] = await client.setIamPolicy({ resource: NAME, policy: { ...policy, bindings } });
        expect(set.bindings?.map(({ role, members }) => ({ role, members }))).to.deep.equal(bindings);
        const concurrent = await client.setIamPolicy({ resource: NAME, policy: { ...policy, bindings } }).catch((error: unknown) => error);
        expect(concurrent).to.be.instanceOf(Error).and.to.have.property("message").that.contains("There were concurrent policy changes");
    });
});
