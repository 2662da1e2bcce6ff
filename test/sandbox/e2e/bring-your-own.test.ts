import { expect } from "chai";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Clone } from "./clone";
import { sandbox } from "./hooks";

const run = promisify(execFile);

/** The first code block of a language under a heading of the page. */
function block(clone: Clone, heading: string, language: "sh" | "yaml"): string {
    const [, section = ""] = clone.read("docs/bring-your-own.md").split(`# ${heading}\n`);
    return new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(section)?.[1] ?? "";
}

const commands = (clone: Clone, heading: string): readonly string[] => block(clone, heading, "sh").trim().split("\n");

/**
 * A command for Google Cloud that runs on the sandbox with its Pulumi. It previews dev and prod, which takes seconds, and does not deploy them. The
 * release is the one of the deployed stack.
 */
const onSandbox = (command: string): string =>
    command
        .replace(/^git push$/, "npm run sandbox -- push")
        .replace(/^pulumi up --yes /, "npm run sandbox -- preview ")
        .replace(/^pulumi /, "npm run sandbox -- ")
        .replace(/^npm run promote -- --from dev /, "npm run sandbox -- run npm run promote -- --from sandbox ");

describe("docs/bring-your-own.md", function () {
    this.timeout(600_000);
    let clone: Clone;
    let first: string;

    const shell = async (command: string): Promise<string> => {
        const { stdout } = await run("bash", ["-euo", "pipefail", "-c", command], {
            cwd: clone.folder,
            env: { ...process.env, CI: "true", NO_COLOR: "1" },
            maxBuffer: 2 ** 26,
        });
        return stdout;
    };
    /** Runs commands in order. @returns the output of each */
    const inOrder = async (steps: readonly string[]): Promise<readonly string[]> => {
        const printed = [];
        for (const step of steps) {
            printed.push(await shell(step));
        }
        return printed;
    };
    const images = async (stack: string) =>
        (await clone.json<{ images: Readonly<Record<string, string>> }>("stack", "output", "--json", "--stack", stack)).images;

    before(() => {
        clone = sandbox().clone;
        clone.git("config", "user.name", "Ann");
        clone.git("config", "user.email", "ann@example.com");
        // The sandbox builds for CPUs, in its own project.
        clone.write(
            "Pulumi.prod.yaml",
            clone
                .read("Pulumi.prod.yaml")
                .replace(/( +)channel: prod\n/, "$&$1variant: cpu\n")
                .replace("buildProject: my-organization-ml-dev", "buildProject: ml-platform-sandbox"),
        );
        first = clone.commit();
    });

    after(async () => {
        await clone.sandbox("destroy", "--stack", "staging", "--yes", "--skip-preview");
        clone.git("reset", "--quiet", "--hard", first);
        await clone.up();
    });

    it("creates, word for word, a service that answers, from only a name", async () => {
        const [start, ...steps] = commands(clone, "From a folder with a model to a promoted service");
        expect(start).to.equal("npm start");
        const printed = await inOrder(steps);
        expect(printed.at(-1)).to.equal('{"score":2.0}');
        expect(steps).to.have.length(4);
        expect(printed[0]).to.contain(steps.at(-1));
    });

    it("deploys, word for word, a changed model and then the same service in a second stack, which builds nothing", async () => {
        const handler = "models/sentiment/handler.py";
        clone.write(handler, clone.read(handler).replace('"score"', '"positive"'));
        clone.write("Pulumi.staging.yaml", block(clone, "Promote it", "yaml"));
        const printed = await inOrder(commands(clone, "Promote it"));
        expect(printed.at(-1)).to.equal('{"positive":2.0}');
        expect(await shell(commands(clone, "From a folder with a model to a promoted service").at(-1) ?? "")).to.equal('{"positive":2.0}');
        expect(await images("staging")).to.deep.equal(await images("sandbox"));
        expect(clone.git("status", "--porcelain")).to.equal("");
    });

    it("adds the service to dev and to prod with its commands for Google Cloud, and leaves nothing to commit", async () => {
        const printed = await inOrder(commands(clone, "On Google Cloud").map(onSandbox));
        expect(printed).to.have.length(10);
        for (const [step, stack] of [
            [5, "dev"],
            [9, "prod"],
        ] as const) {
            expect(printed[step], stack).to.match(/Deployment +sentiment +create/);
        }
        expect(clone.read("Pulumi.prod.yaml")).to.contain(`sentiment: "${(await images("sandbox")).sentiment}"`);
        expect(clone.git("status", "--porcelain")).to.equal("");
    });
});
