import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { contextFiles } from "../../components/context-files";

describe("contextFiles", () => {
    let context: string;
    let dockerfile: string;
    const write = (file: string, content: string) => {
        mkdirSync(path.dirname(path.join(context, file)), { recursive: true });
        writeFileSync(path.join(context, file), content);
    };
    const names = () => Object.keys(contextFiles({ context, dockerfile }));

    beforeEach(() => {
        context = mkdtempSync(path.join(tmpdir(), "context files "));
        dockerfile = path.join(context, "Dockerfile");
        write("Dockerfile", "FROM scratch");
        write("README.md", "");
        write("service/app.py", "app");
        write("service/__pycache__/app.pyc", "");
    });
    afterEach(() => {
        rmSync(context, { recursive: true });
    });

    it("holds every file where nothing is ignored, in a fixed order", () => {
        expect(names()).to.deep.equal(["Dockerfile", "README.md", "service/__pycache__/app.pyc", "service/app.py"]);
    });

    it("leaves out what the ignore file does, but never the Dockerfile", () => {
        write(".dockerignore", "*\n!service\n**/__pycache__\n");
        expect(names()).to.deep.equal(["Dockerfile", "service/app.py"]);
    });

    it("goes by the ignore file beside the Dockerfile first", () => {
        write(".dockerignore", "service\n");
        write("Dockerfile.dockerignore", "*\n!README.md\n");
        expect(names()).to.deep.equal(["Dockerfile", "README.md"]);
    });

    it("changes with a file's content, and with nothing else", () => {
        const before = contextFiles({ context, dockerfile });
        write("service/app.py", "app");
        expect(contextFiles({ context, dockerfile })).to.deep.equal(before);
        write("service/app.py", "another");
        const after = contextFiles({ context, dockerfile });
        expect(Object.keys(after).filter((file) => after[file] !== before[file])).to.deep.equal(["service/app.py"]);
    });
});
