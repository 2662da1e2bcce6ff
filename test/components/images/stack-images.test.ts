import { expect } from "chai";
import type * as pulumi from "@pulumi/pulumi";
import { StackImages } from "../../../components/images/stack-images";
import { record, valueOf } from "../recorded";
import { imagesWith } from "../settings";

const DIGEST = `sha256:${"a".repeat(64)}`;
const release = {
    inference: `us-central1-docker.pkg.dev/my-dev/ml-images/inference@${DIGEST}`,
    other: `us-central1-docker.pkg.dev/my-dev-2/ml-images/other@${DIGEST}`,
    redis: `redis@${DIGEST}`,
    domain: `us-central1-docker.pkg.dev/example.com/my-dev/ml-images/domain@${DIGEST}`,
};
const registry = { registryUri: "registry.example/own", cacheUri: "registry.example/cache", baseImagesUri: "registry.example/proxy" };

describe("StackImages", () => {
    /** References in a release to images that the builds of a project did not push. */
    async function foreignTo(project: string): Promise<readonly string[]> {
        let foreign: pulumi.Output<string[]> | undefined;
        await record(() => {
            const images = imagesWith({ from: "release", release: { ...release, variant: "cpu" } });
            foreign = new StackImages({ images, environment: "prod", registry }).foreignTo(project);
        });
        return valueOf(foreign as pulumi.Output<string[]>);
    }

    it("names images that a project's builds did not push by the references that pods pull", async () => {
        const { inference, other, domain } = release;
        const redis = `registry.example/proxy/library/redis@${DIGEST}`;
        expect(await foreignTo("my-dev")).to.have.members([other, redis, domain]);
        expect(await foreignTo("example.com:my-dev")).to.have.members([inference, other, redis]);
    });
});
