import { expect } from "chai";
import { gitRepository, provenanceOf } from "../../../../scripts/promotion/conditions/statement";
import { ofBuildKit, ofCloudBuild, ofCloudBuildV01, ofOlderBuildKit } from "./provenance-examples";

const A = `sha256:${"a".repeat(64)}`;
const B = `sha256:${"b".repeat(64)}`;

describe("a statement of provenance", () => {
    it("of BuildKit names its subjects, and no repository for a local folder", () => {
        for (const statement of [ofBuildKit(A, B), ofOlderBuildKit(A, B)]) {
            expect(provenanceOf(statement)).to.deep.equal({ subjects: [A, B], builder: "BuildKit", builderId: "", repositories: [] });
        }
    });

    it("of Cloud Build names its subject and its repository", () => {
        expect(provenanceOf(ofCloudBuild(A))).to.deep.equal({
            ...{ subjects: [A], builder: "Cloud Build", builderId: "https://cloudbuild.googleapis.com/GoogleHostedWorker" },
            repositories: ["https://github.com/salrashid123/cloud_build_slsa"],
        });
        const material = "https://github.com/laurentsimon/gcb-tests/commit/fbbb98765e85ad464302dc5977968104d36e455e";
        expect(provenanceOf(ofCloudBuildV01(A, material))?.repositories).to.deep.equal(["https://github.com/laurentsimon/gcb-tests"]);
        expect(provenanceOf(ofCloudBuildV01(A, "gs://p_cloudbuild/source/1.tgz#1"))).to.deep.include({
            ...{ builder: "Cloud Build", builderId: "https://cloudbuild.googleapis.com/GoogleHostedWorker@v0.3" },
            repositories: [],
        });
    });

    it("of a build without dependencies counts, too", () => {
        const { predicate, ...statement } = ofOlderBuildKit(A);
        for (const materials of [undefined, null]) {
            expect(provenanceOf({ ...statement, predicate: { ...predicate, materials } })).to.include({ builder: "BuildKit" });
        }
    });

    it("of another builder names it", () => {
        for (const id of ["https://example.com/builder", "https://cloudbuild.googleapis.com/GoogleHostedWorkers", ""]) {
            const { predicate, ...statement } = ofCloudBuild(A);
            const other = { ...statement, predicate: { ...predicate, runDetails: { builder: { id } } } };
            expect(provenanceOf(other)).to.include({ builder: undefined, builderId: id });
        }
    });

    it("is no other statement", () => {
        const { predicate: _, ...empty } = ofBuildKit(A);
        for (const statement of [undefined, "text", {}, empty, { ...empty, predicate: { SPDXID: "SPDXRef-DOCUMENT" } }]) {
            expect(provenanceOf(statement)).to.equal(undefined);
        }
    });
});

describe("gitRepository", () => {
    it("is the address alone", () => {
        for (const source of [
            "git+https://github.com/o/Name",
            "git+https://github.com/O/name.git",
            "git+https://github.com/o/name.git@refs/heads/main",
            "git+https://github.com/o/name@v1.0",
            `https://github.com/o/name/commit/${"f".repeat(40)}`,
        ]) {
            expect(gitRepository(source), source).to.equal("https://github.com/o/name");
        }
    });

    it("is undefined for images and archives", () => {
        for (const source of [
            "gs://bucket/source.tgz",
            "docker.io/busybox@sha256:76",
            "pkg:docker/python@3",
            "https://example.com/x",
            "",
        ]) {
            expect(gitRepository(source), source).to.equal(undefined);
        }
    });
});
