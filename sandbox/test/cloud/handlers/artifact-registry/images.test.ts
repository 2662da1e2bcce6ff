import { expect } from "chai";
import { ApiUnderTest } from "../../test-api";

describe("images", () => {
    let api: ApiUnderTest;

    beforeEach(async () => {
        api = await ApiUnderTest.start();
    });

    afterEach(() => {
        api.stop();
    });

    const PARENT = "projects/p/locations/us-central1/repositories";
    const HOST = "artifactregistry.googleapis.com/v1";
    const [ONE, TWO] = [`sha256:${"a".repeat(64)}`, `sha256:${"b".repeat(64)}`] as const;
    const image = {
        name: "team/api",
        digest: ONE,
        tags: ["v1", "latest"],
        mediaType: "m",
        sizeBytes: 7,
        manifests: [],
        uploadedAt: "2026-01-02T00:00:00Z",
    };

    beforeEach(async () => {
        await api.call("POST", `${HOST}/projects/p/locations/us-central1/repositories?repositoryId=r`, { format: "DOCKER" });
        api.images.push(image, { ...image, digest: TWO, tags: [], manifests: [{ digest: ONE }], uploadedAt: "2026-01-01T00:00:00Z" });
    });

    it("are listed with their tags, by the address of Artifact Registry", async () => {
        const { body } = await api.call("GET", `${HOST}/${PARENT}/r/dockerImages`);
        const common = { imageSizeBytes: "7", mediaType: "m" };
        expect(body.dockerImages).to.deep.equal([
            {
                name: `${PARENT}/r/dockerImages/team%2Fapi@${ONE}`,
                uri: `us-central1-docker.pkg.dev/p/r/team/api@${ONE}`,
                ...{ tags: ["v1", "latest"], uploadTime: image.uploadedAt, updateTime: image.uploadedAt, ...common },
            },
            {
                name: `${PARENT}/r/dockerImages/team%2Fapi@${TWO}`,
                uri: `us-central1-docker.pkg.dev/p/r/team/api@${TWO}`,
                ...{ uploadTime: "2026-01-01T00:00:00Z", updateTime: "2026-01-01T00:00:00Z", ...common, imageManifests: [{ digest: ONE }] },
            },
        ]);
    });

    it("are packages with versions and tags", async () => {
        const name = `${PARENT}/r/packages/team%2Fapi`;
        const encoded = name.replace("%", "%25");
        const list = async (field: string, parent: string) => (await api.call("GET", `${HOST}/${parent}/${field}`)).body[field];
        expect(await list("packages", `${PARENT}/r`)).to.deep.equal([
            { name, createTime: "2026-01-01T00:00:00Z", updateTime: "2026-01-02T00:00:00Z" },
        ]);
        const tags = ["v1", "latest"].map((tag) => ({ name: `${name}/tags/${tag}`, version: `${name}/versions/${ONE}` }));
        expect(await list("tags", encoded)).to.deep.equal(tags);
        expect(await list("versions", encoded)).to.have.lengthOf(2);
        const { body } = await api.call("GET", `${HOST}/${encoded}/versions/${ONE}`);
        expect(body).to.deep.include({ name: `${name}/versions/${ONE}`, relatedTags: tags });
        expect(await list("tags", encoded.replace("api", "ap"))).to.equal(undefined);
    });

    it("are missing in another repository, and in one of another format", async () => {
        await api.call("POST", `${HOST}/projects/p/locations/us-central1/repositories?repositoryId=npm`, { format: "NPM" });
        expect((await api.call("GET", `${HOST}/${PARENT}/npm/dockerImages`)).body).to.deep.equal({});
        expect(await api.refusal("GET", `${HOST}/${PARENT}/other/dockerImages`)).to.match(/^404 NOT_FOUND/);
        expect(await api.refusal("GET", `${HOST}/${PARENT}/r/packages/other`)).to.match(/^404 NOT_FOUND/);
    });
});
