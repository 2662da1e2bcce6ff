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
    "--push",
    "docker/inference",
];

describe("buildxArguments", () => {
    it("keeps the step, and loads the image into Docker", () => {
        expect(buildxArguments(STEP, "keep", [])).to.deep.equal([...STEP.slice(0, 11), "--provenance=false", "--load", "docker/inference"]);
    });

    it("pushes, with the registry's cache, which it does not write", () => {
        expect(buildxArguments(STEP, "push", ["id=x"])).to.deep.equal([
            ...STEP.slice(0, 12),
            "--secret=id=x",
            "--provenance=false",
            "--push",
            "docker/inference",
        ]);
    });
});
