import { expect } from "chai";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { deployedRelease } from "../../../scripts/promotion/stack-state";
import { ended } from "../ended";

const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const inference = `r/p/inference@sha256:${"a".repeat(64)}`;
const update = { kind: "update", result: "succeeded", environment: { "git.head": COMMIT } };

describe("deployedRelease", () => {
    let programs: string;
    beforeEach(() => (programs = fs.mkdtempSync(path.join(os.tmpdir(), "programs-"))));
    afterEach(() => {
        fs.rmSync(programs, { recursive: true });
    });

    /** A Pulumi that prints a history in pages. */
    async function release(history: readonly object[]): Promise<{ commit?: string; error: string; pages: number }> {
        const script = `#!${process.execPath}
const [, , , command, ...args] = process.argv;
const value = (name) => Number(args[args.indexOf(name) + 1]);
const [size, page] = args.includes("--page-size") ? [value("--page-size"), value("--page")] : [10, 1];
require("node:fs").appendFileSync(__dirname + "/calls", command === "history" ? "." : "");
const history = JSON.parse(require("node:fs").readFileSync(__dirname + "/history.json"));
console.log(JSON.stringify(command === "output" ? ${JSON.stringify({ images: { inference } })} : history.slice((page - 1) * size, page * size)));
`;
        fs.writeFileSync(path.join(programs, "pulumi"), script, { mode: 0o755 });
        fs.writeFileSync(path.join(programs, "history.json"), JSON.stringify(history));
        let commit: string | undefined;
        const { error } = await ended(async () => {
            commit = (await deployedRelease("dev", programs)).commit;
            return 0;
        }, programs);
        return { ...(commit !== undefined && { commit }), error, pages: fs.readFileSync(path.join(programs, "calls"), "utf8").length };
    }

    it("finds the last update behind any number of refreshes, and reads no more of the history", async function () {
        this.timeout(120_000);
        const refreshes = (count: number): object[] => Array.from({ length: count }, () => ({ kind: "refresh", result: "succeeded" }));
        const old = Array.from({ length: 500 }, () => update);
        expect(await release([update])).to.deep.equal({ commit: COMMIT, error: "", pages: 1 });
        expect(await release([...refreshes(10), update, ...old])).to.deep.include({ commit: COMMIT, error: "" });
        expect(await release([...refreshes(200), update])).to.deep.include({ commit: COMMIT, error: "" });
    });

    it("recognizes the error for a missing stack of each backend, and reports other errors unchanged", async () => {
        const failing = async (says: string) => {
            fs.writeFileSync(path.join(programs, "pulumi"), `#!/bin/sh\necho "${says}" >&2\nexit 255\n`, { mode: 0o755 });
            const { error } = await ended(async () => {
                await deployedRelease("dev", programs);
                return 0;
            }, programs);
            return error;
        };
        const none = "There is no stack dev in Pulumi's backend: it was never deployed, or `pulumi login` names another backend.\n";
        expect(await failing("error: no stack named 'dev' found")).to.equal(none);
        expect(await failing("error: [404] Not found: Stack 'ann/ml-platform/dev' not found")).to.equal(none);
        expect(await failing("error: the stack is currently locked")).to.include("the stack is currently locked");
    });

    it("reports a stack without a release, at the end of the history", async function () {
        this.timeout(120_000);
        const { error, pages } = await release(Array.from({ length: 100 }, () => ({ kind: "refresh", result: "succeeded" })));
        expect(error).to.equal("Stack dev has no release: it was never deployed.\n");
        expect(pages).to.equal(2);
    });
});
