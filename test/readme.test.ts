import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";

const ROOT = path.join(__dirname, "..");

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
    const enabled = [...fs.readFileSync(path.join(ROOT, "README.md"), "utf8").matchAll(/([a-z]+)\.googleapis\.com/g)].map(
        ([, name]) => name,
    );

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
        const text = fs.readFileSync(path.join(ROOT, "README.md"), "utf8");
        for (const command of ["gcloud auth login", "gcloud auth application-default login", "gcloud auth configure-docker"]) {
            expect(text).to.contain(command);
        }
    });
});
