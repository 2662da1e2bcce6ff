import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { ConfigError, parseConfig } from "../components/config/load";
import { edited, stackFile } from "./components/stack-files";

const ROOT = path.join(__dirname, "..");
const README = fs.readFileSync(path.join(ROOT, "README.md"), "utf8");

describe("README.md", () => {
    it("logs in gcloud, Pulumi and Docker, and prepares the project", () => {
        for (const command of ["gcloud auth login --update-adc", "gcloud auth configure-docker", "npm run bootstrap --"]) {
            expect(README).to.contain(command);
        }
    });

    it("shows the problems that a preview of these mistakes prints", () => {
        const mistakes = edited(stackFile("sandbox"), {
            "ml-platform:cluster.pools[0].capacity": "spott",
            "ml-platform:training.gpus": 8,
            "ml-platform:inference.services[0].memory": "16Gi",
        });
        const printed = catchProblems(() => parseConfig(mistakes, "sandbox"));
        // Without the last line, which explains how the commands are quoted.
        expect(README).to.contain(`\n\`\`\`\n${printed.split("\n").slice(0, -1).join("\n")}\n\`\`\`\n`);
    });

    it("shows the summary of a recorded preview", () => {
        const recorded = path.join(__dirname, "scripts", "preview-summary", "previews", "gpu-pool-replaced.md");
        const [, ...summary] = fs.readFileSync(recorded, "utf8").trim().split("\n");
        expect(README).to.contain(`\n\`\`\`\n${summary.join("\n").trim()}\n\`\`\`\n`);
    });
});

/** The message of a refused configuration. */
function catchProblems(parse: () => unknown): string {
    try {
        parse();
    } catch (error) {
        if (error instanceof ConfigError) {
            return error.message;
        }
        throw error;
    }
    throw new Error("the configuration was accepted");
}
