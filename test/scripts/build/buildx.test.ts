import { expect } from "chai";
import { buildxArguments } from "../../../scripts/build/buildx";

const STEP = [
    "buildx",
    "build",
    "--file=docker/inference/Dockerfile",
    "--build-context=common=docker/common",
    "--target=cpu",
    "--platform=linux/amd64,linux/arm64",
    "--build-arg=A=1=2",
    "--build-arg=B=",
    "--label=title=inference",
    "--tag=r/inference:abc1234",
    "--tag=r/inference:latest",
    "--cache-from=type=registry,ref=c/inference:latest",
    "--cache-to=type=registry,ref=c/inference:latest,mode=max",
    "--provenance=mode=max",
    "--sbom=generator=scanner",
    "--push",
    "docker/inference",
];

describe("buildxArguments", () => {
    it("keeps the step, and loads the image into Docker", () => {
        const more = { secrets: [], attestations: ["--provenance=mode=max"] };
        expect(buildxArguments(STEP, "keep", more)).to.deep.equal([
            ...STEP.slice(0, 11),
            "--provenance=false",
            "--load",
            "docker/inference",
        ]);
    });

    it("pushes, with the attestations and the registry's cache, which it does not write", () => {
        const more = { secrets: ["id=x"], attestations: ["--provenance=mode=max", "--sbom=generator=other"] };
        expect(buildxArguments(STEP, "push", more)).to.deep.equal([
            ...STEP.slice(0, 12),
            "--secret=id=x",
            "--provenance=mode=max",
            "--sbom=generator=other",
            "--push",
            "docker/inference",
        ]);
    });
});
