import { expect } from "chai";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Ledger } from "../../cloud/ledger";
import { homeOf } from "../../home";
import { testServices } from "../cloud/test-api";
import { clientEnvironment } from "../../identity/client-environment";

describe("clientEnvironment", () => {
    let folder: string;

    beforeEach(() => {
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "environment-"));
    });

    afterEach(() => {
        fs.rmSync(folder, { recursive: true });
    });

    it("points the official provider and gcloud at the sandbox", () => {
        const home = { ...homeOf(folder), run: folder };
        fs.writeFileSync(path.join(home.run, "token"), "secret");
        const environment = clientEnvironment(home, { api: "127.0.0.1:8080" });
        expect(environment).to.deep.include({
            GOOGLE_OAUTH_ACCESS_TOKEN: "secret",
            CLOUDSDK_AUTH_ACCESS_TOKEN: "secret",
            GOOGLE_ARTIFACT_REGISTRY_CUSTOM_ENDPOINT: "http://127.0.0.1:8080/artifactregistry.googleapis.com/v1/",
            CLOUDSDK_API_ENDPOINT_OVERRIDES_ARTIFACTREGISTRY: "http://127.0.0.1:8080/artifactregistry.googleapis.com/",
        });
    });

    it("gives gcloud the base URLs of its clients, and the project of the stack", () => {
        const home = { ...homeOf(folder), run: folder };
        fs.writeFileSync(path.join(home.run, "token"), "secret");
        const environment = clientEnvironment(home, { api: "127.0.0.1:8080", project: "p" });
        expect(environment).to.deep.include({
            CLOUDSDK_CORE_PROJECT: "p",
            CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE: "http://127.0.0.1:8080/storage.googleapis.com/storage/v1/",
            CLOUDSDK_API_ENDPOINT_OVERRIDES_DNS: "http://127.0.0.1:8080/dns.googleapis.com/dns/v1/",
            CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE: "http://127.0.0.1:8080/compute.googleapis.com/compute/v1/",
        });
        expect(clientEnvironment(home, { api: "127.0.0.1:8080" })).to.not.have.property("CLOUDSDK_CORE_PROJECT");
    });

    it("has every API that the sandbox serves", () => {
        const ledger = Ledger.open(path.join(folder, "ledger.json"));
        const served = testServices(ledger).map(({ document }) => document.host);
        const redirected = Object.values(clientEnvironment(homeOf(folder), { api: "sandbox" }, "")).flatMap(
            (value) => /^http:\/\/sandbox\/([^/]+)/.exec(value)?.[1] ?? [],
        );
        expect([...new Set(redirected)].sort()).to.deep.equal([...new Set(served)].sort());
    });
});
