import { expect } from "chai";
import { buildctlArguments } from "../../registry/buildctl";

const BUILD = [
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
    "--secret=id=ca-bundle,src=ca.pem",
    "--provenance=mode=max",
    "--sbom=generator=scanner@sha256:0",
    "--push",
    "docker/inference",
];

describe("buildctlArguments", () => {
    it("translates a step, cache included, where the result is pushed", () => {
        expect(buildctlArguments(BUILD, "push")).to.deep.equal([
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
            "--opt=attest:sbom=generator=scanner@sha256:0",
            "--secret=id=ca-bundle,src=ca.pem",
            "--import-cache=type=registry,ref=c/inference:latest",
            "--export-cache=type=registry,ref=c/inference:latest,mode=max",
            '--output=type=image,"name=r/inference:abc1234,r/inference:latest",push=true',
        ]);
    });

    it("neither pushes nor touches a registry's cache where the result is kept", () => {
        const args = buildctlArguments(BUILD, "keep");
        expect(args.at(-1)).to.match(/push=false$/);
        expect(args.filter((arg) => arg.includes("cache"))).to.deep.equal([]);
    });

    it("makes no attestation where the step wants none, or nothing is pushed", () => {
        const args = (flags: readonly string[], result: "keep" | "push") =>
            buildctlArguments([...flags, "."], result).filter((arg) => arg.includes("attest"));
        const both = ["--provenance=mode=max", "--sbom=generator=s"];
        expect([args(["--provenance=false", "--sbom=false"], "push"), args(both, "keep"), args(both, "push")]).to.deep.equal([
            [],
            [],
            ["--opt=attest:provenance=mode=max", "--opt=attest:sbom=generator=s"],
        ]);
    });

    it("refuses a named context that is no folder", () => {
        for (const value of ["common", "common=", "base=docker-image://alpine", "base=https://example.com/repository.git"]) {
            expect(() => buildctlArguments([`--build-context=${value}`, "."], "push")).to.throw(
                `The build has --build-context=${value}. The sandbox's builder takes folders only`,
            );
        }
    });

    it("refuses a flag that it does not know, and a step without a context", () => {
        for (const flag of ["--squash", "-t", "other"]) {
            expect(() => buildctlArguments([flag, "."], "push")).to.throw(
                `The build has ${flag}, which the sandbox's builder does not support.`,
            );
        }
        expect(() => buildctlArguments(["--tag=t"], "push")).to.throw("The build has no context: name a folder as the last argument.");
    });

    it("takes the Dockerfile of the context where the step names none", () => {
        const args = buildctlArguments(["--tag=t", "folder"], "keep");
        expect(args).to.include("--local=dockerfile=folder").and.to.include("--opt=filename=Dockerfile");
    });
});
