import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { ConfigError, parseConfig } from "../components/config/load";
import { edited, stackFile } from "./components/stack-files";

const ROOT = path.join(__dirname, "..");
const README = fs.readFileSync(path.join(ROOT, "README.md"), "utf8");

/** Service of the gcp provider's types → the API that it calls. */
const API: Readonly<Record<string, string>> = {
    artifactregistry: "artifactregistry",
    certificatemanager: "certificatemanager",
    cloudbuild: "cloudbuild",
    cloudbuildv2: "cloudbuild",
    compute: "compute",
    container: "container",
    kms: "cloudkms",
    organizations: "cloudresourcemanager",
    projects: "cloudresourcemanager",
    secretmanager: "secretmanager",
    serviceaccount: "iam",
    storage: "storage",
};

/** APIs that no resource names: image streaming, scanning and its findings, impersonation, and the check of enabled APIs. */
const BEHIND = ["containeranalysis", "containerfilesystem", "containerscanning", "iamcredentials", "serviceusage", "sts"];

/** Enabled in a new project: https://cloud.google.com/service-usage/docs/enabled-service#default */
const DEFAULT = ["storage"];

describe("README.md", () => {
    const enabled = [...README.matchAll(/([a-z]+)\.googleapis\.com/g)].map(([, name]) => name);

    it("enables the API of every type that the program uses", () => {
        const sources = fs
            .readdirSync(path.join(ROOT, "components"), { recursive: true, encoding: "utf8" })
            .filter((file) => file.endsWith(".ts"));
        const services = sources.flatMap((file) =>
            [...fs.readFileSync(path.join(ROOT, "components", file), "utf8").matchAll(/\bgcp\.([a-z0-9]+)\.(?:[A-Z]|get)/g)].map(
                ([, name = ""]) => name,
            ),
        );
        const unknown = services.filter((name) => !(name in API));
        expect(unknown, "services without an API in this test").to.deep.equal([]);
        const needed = [...services.map((name) => API[name] ?? ""), ...BEHIND];
        expect([...new Set(needed)].filter((name) => !enabled.includes(name) && !DEFAULT.includes(name))).to.deep.equal([]);
    });

    it("logs in gcloud, Pulumi and Docker", () => {
        for (const command of ["gcloud auth login", "gcloud auth application-default login", "gcloud auth configure-docker"]) {
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
        // Without the last line, which says how the commands are quoted.
        expect(README).to.contain(`\n\`\`\`\n${printed.split("\n").slice(0, -1).join("\n")}\n\`\`\`\n`);
    });

    it("shows the summary of a recorded preview", () => {
        const recorded = path.join(__dirname, "scripts", "preview-summary", "previews", "gpu-pool-replaced.md");
        const [, ...summary] = fs.readFileSync(recorded, "utf8").trim().split("\n");
        expect(README).to.contain(`\n\`\`\`\n${summary.join("\n").trim()}\n\`\`\`\n`);
    });
});

/** The message of a configuration that is refused. */
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
