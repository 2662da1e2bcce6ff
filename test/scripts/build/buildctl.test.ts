import { expect } from "chai";
import { buildctlArguments } from "../../../scripts/build/buildctl";
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

describe("buildctlArguments", () => {
    it("translates a step, cache included, where the result is pushed", () => {
        expect(buildctlArguments(STEP, "push", ["id=ca-bundle,src=ca.pem"])).to.deep.equal([
            "build",
            "--frontend=dockerfile.v0",
            "--local=context=docker/inference",
            "--local=dockerfile=docker/inference",
            "--local=common=docker/common",
            "--opt=filename=Dockerfile",
            "--opt=context:common=local:common",
            "--opt=target=cpu",
            "--opt=platform=linux/amd64,linux/arm64",
            "--opt=build-arg:A=1=2",
            "--opt=build-arg:B=",
            "--opt=label:title=inference",
            "--opt=attest:provenance=mode=max",
            "--secret=id=ca-bundle,src=ca.pem",
            "--import-cache=type=registry,ref=c/inference:latest",
            "--export-cache=type=registry,ref=c/inference:latest,mode=max",
            '--output=type=image,"name=r/inference:abc1234,r/inference:latest",push=true',
        ]);
    });

    it("neither pushes nor touches a registry's cache where the result is kept", () => {
        const args = buildctlArguments(STEP, "keep", []);
        expect(args.at(-1)).to.match(/push=false$/);
        expect(args.filter((arg) => arg.includes("cache"))).to.deep.equal([]);
    });

    it("makes no provenance where the step wants none, or nothing is pushed", () => {
        const args = (provenance: string, result: "keep" | "push") =>
            buildctlArguments(["buildx", "build", `--provenance=${provenance}`, "."], result, []).filter((arg) => arg.includes("attest"));
        expect([args("false", "push"), args("mode=max", "keep"), args("mode=max", "push")]).to.deep.equal([
            [],
            [],
            ["--opt=attest:provenance=mode=max"],
        ]);
    });

    it("refuses a named context that is no folder", () => {
        for (const value of ["common", "common=", "base=docker-image://alpine", "base=https://example.com/repository.git"]) {
            expect(() => buildctlArguments(["buildx", "build", `--build-context=${value}`, "."], "push", [])).to.throw(
                `A build step has --build-context=${value}, which is not name=folder`,
            );
        }
    });

    it("refuses a flag that it does not know, and a step without a context", () => {
        for (const flag of ["--squash", "--secret=id=x", "-t", "other"]) {
            expect(() => buildctlArguments(["buildx", "build", flag, "."], "push", [])).to.throw(
                `A build step has ${flag}, which buildctl`,
            );
        }
        expect(() => buildctlArguments(["buildx", "build", "--tag=t"], "push", [])).to.throw("A build step must end with its context.");
    });

    it("takes the Dockerfile of the context where the step names none", () => {
        const args = buildctlArguments(["buildx", "build", "--tag=t", "folder"], "keep", []);
        expect(args).to.include("--local=dockerfile=folder").and.to.include("--opt=filename=Dockerfile");
    });
});

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
