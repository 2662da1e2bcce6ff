import { expect } from "chai";
import { artifactRegistryImage } from "../../../components/images/artifact-registry-image";

const digest = `sha256:${"a".repeat(64)}`;

describe("artifactRegistryImage", () => {
    const expected = { location: "us-central1", project: "my-project", repositoryId: "ml-images", imageName: `inference@${digest}` };

    for (const [reference, image] of [
        [`us-central1-docker.pkg.dev/my-project/ml-images/inference@${digest}`, expected],
        [`europe-docker.pkg.dev/my-project/ml-images/inference@${digest}`, { ...expected, location: "europe" }],
        [
            `us-central1-docker.pkg.dev/my-project/ml-images/team/inference@${digest}`,
            { ...expected, imageName: `team/inference@${digest}` },
        ],
        [
            `us-central1-docker.pkg.dev/example.com/my-project/ml-images/inference@${digest}`,
            { ...expected, project: "example.com:my-project" },
        ],
        [`mirror.example.com/us-central1-docker.pkg.dev/my-project/ml-images/inference@${digest}`, expected],
        [`docker.io/library/python@${digest}`, undefined],
        [`ghcr.io/team/inference@${digest}`, undefined],
        [`us-central1-docker.pkg.dev/my-project/ml-images/inference:latest`, undefined],
        [`docker.pkg.dev/my-project/ml-images/inference@${digest}`, undefined],
    ] as const) {
        it(`reads ${reference}`, () => {
            expect(artifactRegistryImage(reference)).to.deep.equal(image);
        });
    }
});
