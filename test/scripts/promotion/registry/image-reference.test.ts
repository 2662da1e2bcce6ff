import { expect } from "chai";
import { CommandError } from "../../../../scripts/command-line/run";
import { analysedImage, isGoogleRegistry, manifestUrl, parseReference } from "../../../../scripts/promotion/registry/image-reference";

const digest = `sha256:${"0".repeat(64)}`;

describe("parseReference", () => {
    it("splits a reference", () => {
        expect(parseReference(`us-central1-docker.pkg.dev/p/ml-images/inference@${digest}`)).to.deep.equal({
            host: "us-central1-docker.pkg.dev",
            repository: "p/ml-images/inference",
            digest,
        });
    });

    it("reads a name without a registry as one of Docker Hub", () => {
        const host = "registry-1.docker.io";
        expect(parseReference(`vllm/vllm-openai@${digest}`)).to.deep.equal({ host, repository: "vllm/vllm-openai", digest });
        expect(parseReference(`redis@${digest}`)).to.deep.equal({ host, repository: "library/redis", digest });
        expect(parseReference(`docker.io/library/redis@${digest}`)).to.deep.equal({ host, repository: "library/redis", digest });
        expect(parseReference(`localhost/redis@${digest}`).host).to.equal("localhost");
    });

    it("refuses a tag, a short digest, and no name", () => {
        for (const reference of ["r/inference:latest", "r/inference@sha256:00", `@${digest}`]) {
            expect(() => parseReference(reference), reference).to.throw(CommandError, `${reference} is not an image by digest`);
        }
    });
});

describe("manifestUrl", () => {
    const url = (host: string): string => manifestUrl({ host, repository: "p/i", digest });

    it("is plain HTTP on loopback only", () => {
        expect(url("127.0.0.1:5000")).to.equal(`http://127.0.0.1:5000/v2/p/i/manifests/${digest}`);
        expect(url("localhost:5000")).to.match(/^http:/);
        expect(url("[::1]:5000")).to.match(/^http:/);
        expect(url("127.0.0.1.example.com")).to.match(/^https:/);
        expect(url("us-docker.pkg.dev")).to.match(/^https:/);
    });
});

describe("isGoogleRegistry", () => {
    it("is true for Artifact Registry and Container Registry, and for no similar host", () => {
        for (const host of ["us-central1-docker.pkg.dev", "eu.gcr.io", "gcr.io"]) {
            expect(isGoogleRegistry(host), host).to.equal(true);
        }
        for (const host of ["docker.pkg.dev.example.com", "evilgcr.io", "127.0.0.1:5000"]) {
            expect(isGoogleRegistry(host), host).to.equal(false);
        }
    });
});

describe("analysedImage", () => {
    it("is an image of Artifact Registry, also behind a mirror, and of a project of a domain", () => {
        const url = "https://us-docker.pkg.dev/p/r/team/i";
        expect(analysedImage(`us-docker.pkg.dev/p/r/team/i@${digest}`)).to.deep.equal({ project: "p", url });
        expect(analysedImage(`127.0.0.1:5000/us-docker.pkg.dev/p/r/team/i@${digest}`)).to.deep.equal({ project: "p", url });
        expect(analysedImage(`gcr.io/p/i@${digest}`)).to.deep.equal({ project: "p", url: "https://gcr.io/p/i" });
        expect(analysedImage(`us-docker.pkg.dev/example.com/p/r/i@${digest}`)).to.deep.equal({
            ...{ project: "example.com:p", url: "https://us-docker.pkg.dev/example.com/p/r/i" },
        });
    });

    it("is no image of another registry", () => {
        for (const name of ["redis", "docker.io/library/redis", "ghcr.io/o/i", "example.com/a/us-docker.pkg.dev/p/r/i"]) {
            expect(analysedImage(`${name}@${digest}`), name).to.equal(undefined);
        }
    });
});
