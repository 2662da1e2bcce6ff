import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { APIS } from "../../gke/apis";

const ROOT = path.join(__dirname, "../..");

/** Service of the gcp provider's types → the API that it calls. */
const API: Readonly<Record<string, string>> = {
    artifactregistry: "artifactregistry",
    binaryauthorization: "binaryauthorization",
    certificatemanager: "certificatemanager",
    cloudbuild: "cloudbuild",
    cloudbuildv2: "cloudbuild",
    compute: "compute",
    container: "container",
    iam: "iam",
    kms: "cloudkms",
    organizations: "cloudresourcemanager",
    projects: "cloudresourcemanager",
    secretmanager: "secretmanager",
    serviceaccount: "iam",
    storage: "storage",
};

/** APIs that no resource names: image streaming, scanning and its findings, impersonation, and enabling APIs. */
const BEHIND = ["containeranalysis", "containerfilesystem", "containerscanning", "iamcredentials", "serviceusage", "sts"];

describe("APIS", () => {
    it("are those of every type that the programs use, and no others", () => {
        const sources = ["components", "bootstrap"].flatMap((folder) =>
            fs.readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((file) => path.join(ROOT, folder, file)),
        );
        const services = sources
            .filter((file) => file.endsWith(".ts"))
            .flatMap((file) => [...fs.readFileSync(file, "utf8").matchAll(/\bgcp\.([a-z0-9]+)\.(?:[A-Z]|get)/g)])
            .map(([, name = ""]) => name);
        expect(
            services.filter((name) => !(name in API)),
            "services without an API in this test",
        ).to.deep.equal([]);
        const needed = new Set([...services.map((name) => API[name] ?? ""), ...BEHIND]);
        expect(Object.keys(APIS)).to.have.members([...needed].map((name) => `${name}.googleapis.com`));
    });
});
