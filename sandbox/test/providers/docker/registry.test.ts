import { expect } from "chai";
import { dockerProvider } from "../../../providers/docker/docker-provider";
import { findDigest, parseImage } from "../../../providers/docker/registry";
import { DIGEST, freePort, PrivateRegistry } from "../../registry/private-registry";

describe("parseImage", () => {
    for (const [name, registry, repository, version] of [
        ["127.0.0.1:5000/p/ml-images/inference:v1", "127.0.0.1:5000", "p/ml-images/inference", "v1"],
        [`127.0.0.1:5000/p/ml-images/inference@${DIGEST}`, "127.0.0.1:5000", "p/ml-images/inference", DIGEST],
        [`us-central1-docker.pkg.dev/p/r/i:v1@${DIGEST}`, "us-central1-docker.pkg.dev", "p/r/i", DIGEST],
        ["localhost/i", "localhost", "i", "latest"],
        ["python:3.11-slim", "docker.io", "library/python", "3.11-slim"],
        ["nvidia/cuda", "docker.io", "nvidia/cuda", "latest"],
    ] as const) {
        it(`parses ${name}`, () => {
            expect(parseImage(name)).to.deep.equal({ registry, repository, version });
        });
    }

    for (const name of ["", "a@sha256:123", "a b", `a@md5:${"a".repeat(32)}`]) {
        it(`refuses "${name}"`, () => {
            expect(() => parseImage(name)).to.throw(`"${name}" is not an image: expected <registry>/<path>:<tag>`);
        });
    }
});

describe("findDigest", () => {
    let registry: PrivateRegistry;
    before(async () => (registry = await PrivateRegistry.start()));
    after(() => registry.stop());

    async function refusal(name: string): Promise<string> {
        return findDigest(name).then(
            () => "found",
            (error: unknown) => (error as Error).message,
        );
    }

    it("asks for the manifest of a public image by tag or digest", async () => {
        registry.asked.length = 0;
        const name = `${registry.host}/library/i`;
        expect([await findDigest(`${name}:v1`), await findDigest(`${name}@${DIGEST}`)]).to.deep.equal([DIGEST, DIGEST]);
        expect(registry.asked.filter((asked) => asked.endsWith("Bearer"))).to.deep.equal([
            "HEAD /v2/library/i/manifests/v1 Bearer",
            `HEAD /v2/library/i/manifests/${DIGEST} Bearer`,
        ]);
    });

    it("has no credentials for a private image, whoever runs it", async () => {
        expect(await refusal(`${registry.host}/p/i:v1`)).to.equal(
            `cannot look up ${registry.host}/p/i:v1: the registry ${registry.host} answers 403`,
        );
    });

    it("reports an image that does not exist", async () => {
        const name = `${registry.host}/library/i@sha256:${"0".repeat(64)}`;
        expect(await refusal(name)).to.equal(`the image ${name} is not in the registry: it was never pushed there, or has been cleaned up`);
    });

    it("reports a registry that returns another status, or does not respond", async () => {
        expect(await refusal(`${registry.host}/library/i:broken`)).to.equal(
            `cannot look up ${registry.host}/library/i:broken: the registry ${registry.host} answers 500`,
        );
        const nobody = `127.0.0.1:${await freePort()}`;
        expect(await refusal(`${nobody}/p/i:v1`)).to.equal(
            `cannot look up ${nobody}/p/i:v1: the registry ${nobody} does not answer (connect ECONNREFUSED ${nobody})`,
        );
    });

    it("reaches no other registry", async () => {
        expect(await refusal("us-central1-docker.pkg.dev/p/r/i:v1")).to.equal(
            "cannot look up us-central1-docker.pkg.dev/p/r/i:v1: the sandbox reaches its own registry on this machine only, not us-central1-docker.pkg.dev",
        );
    });

    describe("dockerProvider", () => {
        const token = "docker:index/getRegistryImage:getRegistryImage";

        it("looks up an image", async () => {
            const name = `${registry.host}/library/i:v1`;
            expect(await dockerProvider().invoke?.(token, { name })).to.deep.equal({ id: DIGEST, name, sha256Digest: DIGEST });
        });

        it("has no other functions and no resources", async () => {
            const call = async (other: string, args: { name?: string }) => dockerProvider().invoke?.(other, args);
            const message = (work: Promise<unknown>) => work.then(String, (error: unknown) => (error as Error).message);
            expect(await message(call("docker:index/getNetwork:getNetwork", { name: "x" }))).to.contain(
                "has no function docker:index/getNetwork:getNetwork",
            );
            expect(await message(call(token, {}))).to.equal('the argument "name" must be the name of an image');
            const target = { urn: "u", type: "docker:index/image:Image", name: "x", cancelled: new AbortController().signal };
            expect(() => dockerProvider().create({ ...target, inputs: {}, preview: true })).to.throw(
                "the sandbox's docker provider has no resources",
            );
        });
    });
});
