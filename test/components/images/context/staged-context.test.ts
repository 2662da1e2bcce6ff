import {
    chmodSync,
    chownSync,
    existsSync,
    mkdirSync,
    mkdtempSync,
    readFileSync,
    readdirSync,
    readlinkSync,
    rmSync,
    statSync,
    symlinkSync,
    writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { buildContext } from "../../../../components/images/context/context-files";
import { stagedContext } from "../../../../components/images/context/staged-context";

describe("stagedContext", () => {
    const program = process.cwd();
    let folder: string;
    const write = (file: string, content: string, mode = 0o644) => {
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(file, content);
        chmodSync(file, mode);
    };
    const staged = () => stagedContext(buildContext({ context: "docker/image", dockerfile: "docker/image/Dockerfile" }));
    const copies = () => readdirSync(".contexts/docker/image", { recursive: true, encoding: "utf8" }).sort();

    beforeEach(() => {
        folder = mkdtempSync(path.join(tmpdir(), "staged-"));
        process.chdir(folder);
        write("docker/image/Dockerfile", "FROM scratch\n");
        write("docker/image/service/app.py", "app\n");
    });
    afterEach(() => {
        process.chdir(program);
        rmSync(folder, { recursive: true });
    });

    it("has the same modes under every umask, except for the executable bit", () => {
        write("docker/image/service/app.py", "app\n", 0o600);
        write("docker/image/service/run", "run\n", 0o770);
        symlinkSync("app.py", "docker/image/service/link");
        expect(staged()).to.equal(".contexts/docker/image");
        const modes = ["app.py", "run"].map((file) => statSync(`.contexts/docker/image/service/${file}`).mode & 0o777);
        expect(modes).to.deep.equal([0o644, 0o755]);
        expect(readlinkSync(".contexts/docker/image/service/link")).to.equal("app.py");
        expect(statSync("docker/image/service/app.py").mode & 0o777).to.equal(0o600);
    });

    it("copies every change of the folder, and does not rewrite unchanged files", () => {
        write("docker/image/old/file", "1");
        staged();
        const { ino } = statSync(".contexts/docker/image/service/app.py");
        rmSync("docker/image/old", { recursive: true });
        write("docker/image/old", "a file where a folder was");
        write("docker/image/Dockerfile", "FROM scratch\n\n");
        staged();
        expect(copies()).to.deep.equal(["Dockerfile", "old", "service", "service/app.py"]);
        expect(readFileSync(".contexts/docker/image/Dockerfile", "utf8")).to.equal("FROM scratch\n\n");
        expect(statSync(".contexts/docker/image/service/app.py").ino).to.equal(ino);
        rmSync("docker/image/old");
        write("docker/image/old/file", "2");
        rmSync("docker/image/service", { recursive: true });
        staged();
        expect(copies()).to.deep.equal(["Dockerfile", "old", "old/file"]);
        expect(existsSync(".contexts/docker/image/service")).to.equal(false);
    });

    it("gives the copies to the owner of the checkout", function () {
        if (process.getuid?.() !== 0) {
            this.skip();
        }
        for (const entry of ["docker/image", "docker/image/service", "docker/image/service/app.py"]) {
            chownSync(entry, 1234, 1234);
        }
        staged();
        const owners = [".contexts", ".contexts/docker", ".contexts/docker/image", ".contexts/docker/image/service/app.py"].map(
            (entry) => statSync(entry).uid,
        );
        expect(owners).to.deep.equal([1234, 1234, 1234, 1234]);
    });
});
