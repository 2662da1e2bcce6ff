import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { buildContext } from "../../components/images/context/context-files";
import { sourceRevision } from "../../components/images/source/source-revision";
import { checkClean, revisionOf } from "../../scripts/build/revision";
import { Repository } from "./repository";
import { workflow, workflowFiles } from "./workflow-files";
import { LEFTOVERS } from "./workflow-leftovers";

const ROOT = path.join(__dirname, "../..");

/** The actions that the workflows use, without their versions. */
function actions(): readonly string[] {
    const uses = workflowFiles().flatMap((file) =>
        Object.values(workflow(file).jobs).flatMap(({ steps = [] }) => steps.flatMap((step) => step.uses ?? [])),
    );
    return [...new Set(uses.map((value) => value.split("@")[0] ?? value))];
}

describe("the files that workflows leave in the checkout", () => {
    let repository: Repository;
    let commit: string;

    beforeEach(() => {
        repository = new Repository();
        commit = repository.commit({
            ".gitignore": fs.readFileSync(path.join(ROOT, ".gitignore"), "utf8"),
            "docker/training/Dockerfile": "FROM scratch\n",
        });
    });

    it("are listed for every action", () => {
        expect(actions().filter((action) => !(action in LEFTOVERS))).to.deep.equal([]);
    });

    for (const [name, files] of Object.entries(LEFTOVERS).filter(([, written]) => written.length > 0)) {
        it(`do not count as a change: ${name}`, () => {
            repository.write(Object.fromEntries(files.map((file) => [file, "{}\n"])));
            const context = path.join(repository.folder, "docker/training");
            const seen = buildContext({ context, dockerfile: path.join(context, "Dockerfile") });
            expect(revisionOf(repository.folder, [seen])).to.deep.equal({ commit, changed: [] });
            expect(sourceRevision(seen)).to.deep.equal({ commit, differing: [] });
        });
    }

    it("count as a change under another name", () => {
        repository.write({ "credentials.json": "{}\n", "docker/training/gha-creds-1.json": "{}\n" });
        const context = path.join(repository.folder, "docker/training");
        const revision = revisionOf(repository.folder, [buildContext({ context, dockerfile: path.join(context, "Dockerfile") })]);
        expect([...revision.changed].sort()).to.deep.equal(["credentials.json", "docker/training/gha-creds-1.json"]);
        expect(() => {
            checkClean(revision);
        }).to.throw(/uncommitted changes/);
    });

    it("include no previews and summaries, which commands write to RUNNER_TEMP", () => {
        const outside = /^"\$(RUNNER_TEMP|GITHUB_[A-Z_]+)/;
        const targets = workflowFiles().flatMap((file) =>
            Object.values(workflow(file).jobs).flatMap(({ steps = [] }) =>
                steps.flatMap(({ run = "" }) => [...run.matchAll(/ >>? ([^\s;]+)/g)].map(([, target = ""]) => target)),
            ),
        );
        expect(targets).not.to.have.length(0);
        expect(targets.filter((target) => !outside.test(target) && target !== "/dev/null")).to.deep.equal([]);
    });
});
