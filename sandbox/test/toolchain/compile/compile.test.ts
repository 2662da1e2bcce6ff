import { expect } from "chai";
import { randomUUID } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { advice, compile } from "../../../toolchain/compile/compile";

describe("advice", () => {
    it("goes by what the compiler's log says", () => {
        expect(advice("write /root/x: no space left on device")).to.match(/^The disk is full/);
        expect(advice("reading …/@v/v1.0.0.info: 403 Forbidden")).to.match(/^The module proxy refuses a module: set GOPROXY/);
        expect(advice("dial tcp: lookup proxy: no such host")).to.match(/^The module proxy cannot be reached/);
        expect(advice("Package libseccomp was not found in the pkg-config search path")).to.match(/^A C compiler and libseccomp/);
        expect(advice("syntax error")).to.equal("Run the command again; finished steps are kept.");
    });
});

describe("compile", function () {
    this.timeout(60_000);
    let folder: string;

    beforeEach(() => {
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "compile-"));
        fs.mkdirSync(path.join(folder, "module"));
        fs.writeFileSync(path.join(folder, "module", "go.mod"), "module example.invalid/hello\n\ngo 1.26.0\n");
    });

    afterEach(() => {
        fs.rmSync(folder, { recursive: true });
    });

    const options = (progress: (line: string) => void = () => undefined) => ({
        go: "go",
        cache: folder,
        module: path.join(folder, "module"),
        folder: path.join(folder, "out"),
        log: path.join(folder, "log"),
        progress,
    });

    it("makes the program, and says how far it is", async () => {
        fs.writeFileSync(
            path.join(folder, "module", "main.go"),
            `package main\n\n// ${randomUUID()}: what Go has in its cache it does not name\nfunc main() {}\n`,
        );
        const lines: string[] = [];
        await compile(
            { module: "hello", packages: ["."], ldflags: "-s -w" },
            options((line) => lines.push(line)),
        );
        expect(fs.existsSync(path.join(folder, "out", "hello"))).to.equal(true);
        expect(lines[0]).to.equal("reading the module graph");
        expect(lines.at(-1)).to.match(/^compiling \d+ of \d+ packages: example\.invalid\/hello$/);
    });

    it("shows the end of the log and where the rest is", async () => {
        fs.writeFileSync(path.join(folder, "module", "main.go"), "package main\n\nfunc main() { undefinedName() }\n");
        const problem = await compile({ module: "hello", packages: ["."], ldflags: "" }, options()).then(
            () => "",
            (error: unknown) => (error as Error).message,
        );
        expect(problem).to.contain("undefined: undefinedName");
        expect(problem).to.contain(`Full log: ${path.join(folder, "log")}`);
    });
});
