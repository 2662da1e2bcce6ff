import { expect } from "chai";
import type { Entry } from "../../../../../cloud/ledger";
import type { Properties } from "../../../../../providers/property-values";
import { MappedProvider, refusal } from "../mapped-provider";

const REPOSITORY = "gcp:artifactregistry/repository:Repository";
const MEMBER = "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember";
const NAME = "projects/p/locations/us-central1/repositories/images";
const READER = "roles/artifactregistry.reader";

const repository = {
    ...{ project: "p", location: "us-central1", repositoryId: "images", format: "DOCKER", description: "Images", labels: { team: "ml" } },
    cleanupPolicies: [{ id: "newest", action: "KEEP", mostRecentVersions: { keepCount: 3 } }],
    dockerConfig: { immutableTags: false },
};
const grant = (member: string) => ({ project: "p", location: "us-central1", repository: NAME, role: READER, member });

describe("artifactRegistry", () => {
    let gcp: MappedProvider;

    beforeEach(async () => {
        gcp = await MappedProvider.start();
    });

    afterEach(() => {
        gcp.stop();
    });

    it("creates a repository through Google's API, with one entry in the ledger", async () => {
        const { id, outputs } = await gcp.create(REPOSITORY, repository);
        expect([id, outputs.mode, outputs.effectiveLabels]).to.deep.equal([
            NAME,
            "STANDARD_REPOSITORY",
            { "goog-pulumi-provisioned": "true", team: "ml" },
        ]);
        expect(gcp.ledger.list().map(({ type, id, inputs }) => [type, id, inputs])).to.deep.equal([
            [
                "artifactregistry.googleapis.com/Repository",
                NAME,
                {
                    ...{ format: "DOCKER", description: "Images", dockerConfig: {} },
                    labels: { "goog-pulumi-provisioned": "true", team: "ml" },
                    cleanupPolicies: { newest: { action: "KEEP", mostRecentVersions: { keepCount: 3 } } },
                },
            ],
        ]);
        expect(await refusal(gcp.create(REPOSITORY, repository))).to.equal("googleapi: Error 409: the repository already exists");
    });

    it("sends only changed fields, and no request for fields of the provider", async () => {
        await gcp.create(REPOSITORY, repository);
        const update = (inputs: Properties, oldInputs: Properties = repository) => gcp.update(REPOSITORY, NAME, oldInputs, inputs);
        const [before] = gcp.ledger.list();
        await update({ ...repository, deletionPolicy: "ABANDON" });
        expect(gcp.ledger.list()).to.deep.equal([before]);
        const { description: _, ...without } = repository;
        const outputs = await update({ ...without, labels: { team: "web" } });
        expect([outputs.description, outputs.labels, gcp.ledger.list()[0]?.inputs.description]).to.deep.equal([
            undefined,
            { team: "web" },
            undefined,
        ]);
    });

    it("reads the program's inputs, and drift", async () => {
        await gcp.create(REPOSITORY, repository);
        expect((await gcp.read(REPOSITORY, NAME, repository))?.inputs).to.deep.equal({ ...repository, __defaults: [] });
        const [entry] = gcp.ledger.list();
        gcp.ledger.put({ ...(entry as Entry), inputs: { ...entry?.inputs, description: "by hand" } });
        expect((await gcp.read(REPOSITORY, NAME, repository))?.inputs.description).to.equal("by hand");
    });

    it("imports by the resource name", async () => {
        await gcp.create(REPOSITORY, repository);
        const { dockerConfig: _, ...known } = repository;
        expect((await gcp.read(REPOSITORY, NAME))?.inputs).to.deep.equal({ ...known, dockerConfig: {}, __defaults: [] });
    });

    it("deletes, also a repository that does not exist anymore", async () => {
        await gcp.create(REPOSITORY, repository);
        for (let time = 0; time < 2; time++) {
            await gcp.delete(REPOSITORY, NAME, repository);
            expect(gcp.ledger.list()).to.deep.equal([]);
        }
    });

    describe("grants", () => {
        const members = () =>
            (gcp.ledger.list()[0]?.policy?.bindings as { members: string[] }[] | undefined)?.map(({ members }) => members);
        const people = Array.from({ length: 8 }, (_, position) => `user:person-${position}@example.com`);

        beforeEach(async () => {
            await gcp.create(REPOSITORY, repository);
        });

        it("are members of one policy, also if many are created at once", async () => {
            const made = await Promise.all(people.map((member) => gcp.create(MEMBER, grant(member))));
            expect(made[0]?.id).to.equal(`${NAME}/${READER}/user:person-0@example.com`);
            expect(members()).to.deep.equal([people]);
            await Promise.all(people.slice(1).map(async (member) => gcp.delete(MEMBER, `${NAME}/${READER}/${member}`, grant(member))));
            expect(members()).to.deep.equal([["user:person-0@example.com"]]);
        });

        it("are missing after their repository or their member is removed", async () => {
            const { id } = await gcp.create(MEMBER, grant("user:ann@example.com"));
            expect((await gcp.read(MEMBER, id, grant("user:ann@example.com")))?.inputs).to.include(grant("user:ann@example.com"));
            const [entry] = gcp.ledger.list();
            gcp.ledger.put({ ...(entry as Entry), policy: { version: 1, etag: "x" } });
            expect(await gcp.read(MEMBER, id, grant("user:ann@example.com"))).to.equal(undefined);
            gcp.ledger.remove([entry as Entry]);
            expect(await gcp.read(MEMBER, id, grant("user:ann@example.com"))).to.equal(undefined);
            await gcp.delete(MEMBER, id, grant("user:ann@example.com"));
        });

        it("keep their conditions, and are imported by the condition's title", async () => {
            const condition = { title: "weekdays", expression: "true" };
            const principal = "principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/subject/main";
            for (const inputs of [grant(principal), { ...grant(principal), condition }]) {
                const { id } = await gcp.create(MEMBER, inputs);
                expect((await gcp.read(MEMBER, id, inputs))?.inputs.condition).to.deep.equal("condition" in inputs ? condition : undefined);
                const imported = await gcp.read(MEMBER, id);
                expect([imported?.inputs.member, imported?.inputs.condition, imported?.inputs.repository]).to.deep.equal([
                    principal,
                    "condition" in inputs ? condition : undefined,
                    "images",
                ]);
            }
        });

        it("are refused on a repository that does not exist", async () => {
            expect(await refusal(gcp.create(MEMBER, { ...grant("user:a@example.com"), repository: "none" }))).to.equal(
                "googleapi: Error 404: Requested entity was not found.",
            );
        });
    });

    it("finds the resource that a killed engine created, and no resource that others created", async () => {
        const member = grant("user:ann@example.com");
        expect([gcp.existingId(REPOSITORY, repository), gcp.existingId(MEMBER, member)]).to.deep.equal([undefined, undefined]);
        await gcp.create(REPOSITORY, repository);
        await gcp.create(MEMBER, member);
        expect([
            gcp.existingId(REPOSITORY, repository),
            gcp.existingId(REPOSITORY, { ...repository, format: "NPM" }),
            gcp.existingId(MEMBER, member),
        ]).to.deep.equal([NAME, undefined, `${NAME}/${READER}/user:ann@example.com`]);
    });
});
