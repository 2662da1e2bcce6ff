import { expect } from "chai";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { dockerProvider } from "../../../../../sandbox/providers/docker/docker-provider";
import { findDigest, parseImage } from "../../../../../sandbox/providers/docker/registry";

const DIGEST = `sha256:${"a1".repeat(32)}`;

describe("parseImage", () => {
    for (const [name, registry, repository, version] of [
        ["127.0.0.1:5000/p/ml-images/inference:v1", "127.0.0.1:5000", "p/ml-images/inference", "v1"],
        [`127.0.0.1:5000/p/ml-images/inference@${DIGEST}`, "127.0.0.1:5000", "p/ml-images/inference", DIGEST],
        [`us-central1-docker.pkg.dev/p/r/i:v1@${DIGEST}`, "us-central1-docker.pkg.dev", "p/r/i", DIGEST],
        ["localhost/i", "localhost", "i", "latest"],
        ["python:3.11-slim", "docker.io", "library/python", "3.11-slim"],
        ["nvidia/cuda", "docker.io", "nvidia/cuda", "latest"],
    ] as const) {
        it(`takes ${name} apart`, () => {
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
    let server: Server;
    let registry: string;
    const asked: string[] = [];

    before(async () => {
        server = createServer((request, response) => {
            asked.push(`${request.method ?? ""} ${request.url ?? ""} ${String(request.headers.accept?.includes("oci.image.index"))}`);
            const last = request.url?.split("/").at(-1);
            if (last === "v1" || last === DIGEST) response.writeHead(200, { "docker-content-digest": DIGEST });
            else response.writeHead(last === "forbidden" ? 403 : 404);
            response.end();
        });
        await new Promise<void>((resolve) => {
            server.listen(0, "127.0.0.1", resolve);
        });
        registry = `127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    });

    after(() => {
        server.close();
    });

    async function refusal(name: string): Promise<string> {
        return findDigest(name).then(
            () => "found",
            (error: unknown) => (error as Error).message,
        );
    }

    it("asks for the manifest by tag or digest", async () => {
        asked.length = 0;
        expect([await findDigest(`${registry}/p/i:v1`), await findDigest(`${registry}/p/i@${DIGEST}`)]).to.deep.equal([DIGEST, DIGEST]);
        expect(asked).to.deep.equal(["HEAD /v2/p/i/manifests/v1 true", `HEAD /v2/p/i/manifests/${DIGEST} true`]);
    });

    it("says when an image is not there", async () => {
        const name = `${registry}/p/i@sha256:${"0".repeat(64)}`;
        expect(await refusal(name)).to.equal(`the image ${name} is not in the registry: it was never pushed there, or has been cleaned up`);
    });

    it("says when the registry answers something else, or nothing", async () => {
        expect(await refusal(`${registry}/p/i:forbidden`)).to.equal(
            `cannot look up ${registry}/p/i:forbidden: the registry ${registry} answers 403`,
        );
        expect(await refusal("127.0.0.1:1/p/i:v1")).to.match(
            /^cannot look up 127\.0\.0\.1:1\/p\/i:v1: the registry 127\.0\.0\.1:1 does not answer \(connect ECONNREFUSED 127\.0\.0\.1:1\)$/,
        );
    });

    it("reaches no other registry", async () => {
        expect(await refusal("us-central1-docker.pkg.dev/p/r/i:v1")).to.equal(
            "cannot look up us-central1-docker.pkg.dev/p/r/i:v1: the sandbox reaches its own registry on this machine only, not us-central1-docker.pkg.dev",
        );
    });

    describe("dockerProvider", () => {
        const token = "docker:index/getRegistryImage:getRegistryImage";

        it("looks an image up", async () => {
            const name = `${registry}/p/i:v1`;
            expect(await dockerProvider().invoke?.(token, { name })).to.deep.equal({ id: DIGEST, name, sha256Digest: DIGEST });
        });

        it("has no other function, and no resources", async () => {
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
