import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { expect } from "chai";
import { quotaTask } from "../../../scripts/bootstrap/quota";

const REQUEST =
    "Request the quota GPUS_ALL_REGIONS, and that of your accelerator in its region: https://console.cloud.google.com/iam-admin/quotas?project=my-dev";

describe("quotaTask", () => {
    const environment = { ...process.env };
    let folder: string;
    beforeEach(() => {
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "quota "));
        process.env = { ...environment, PATH: [folder, environment.PATH].join(path.delimiter) };
    });
    afterEach(() => {
        process.env = environment;
        fs.rmSync(folder, { recursive: true });
    });

    /** A program on PATH that answers as `gcloud compute project-info describe --format "json(quotas)"` does. */
    const gcloud = (answer: string, status = 0) => {
        fs.writeFileSync(path.join(folder, "gcloud"), `#!/bin/sh\necho '${answer}'\nexit ${status}\n`, { mode: 0o755 });
    };
    const quotas = (limit: number) => JSON.stringify({ quotas: [{ limit, metric: "GPUS_ALL_REGIONS", usage: 0 }] });

    it("is to request the quota while it is 0, as in a new project", async () => {
        gcloud(quotas(0));
        expect(await quotaTask("my-dev")).to.equal(`The project has no quota for GPUs. ${REQUEST}`);
    });

    it("is to request the quota if Google lists none", async () => {
        gcloud("null");
        expect(await quotaTask("my-dev")).to.match(/quota for GPUs\. Request the quota/);
    });

    it("is nothing once the project has some", async () => {
        gcloud(quotas(4));
        expect(await quotaTask("my-dev")).to.equal(undefined);
    });

    it("is to request the quota of a new project if gcloud is not logged in", async () => {
        gcloud("", 1);
        expect(await quotaTask("my-dev")).to.equal(`A new project has no quota for GPUs. ${REQUEST}`);
    });
});
