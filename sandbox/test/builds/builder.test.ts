import { expect } from "chai";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Repository } from "../../../test/scripts/repository";
import { sandboxBuilder } from "../../builds/builder";
import { BuildRecords } from "../../builds/records";
import { startBuild } from "../../builds/run-build";
import { textOrEmpty } from "../../cloud/json";
import type { Entry } from "../../cloud/ledger";
import { homeOf } from "../../home";
import { buildOf, pushOf, triggerOf } from "./triggers";

const DIGEST = `sha256:${"d".repeat(64)}`;

describe("builds", () => {
    let repository: Repository;
    let folder: string;
    let records: BuildRecords;

    before(() => {
        repository = new Repository();
        repository.commit({ "docker/app/Dockerfile": "FROM scratch\n" });
    });

    beforeEach(() => {
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "builder-"));
        records = new BuildRecords(path.join(folder, "builds"));
    });

    afterEach(() => {
        fs.rmSync(folder, { recursive: true });
    });

    /** A site with a buildctl that runs a script; `$metadata` is the path of the metadata file. */
    const siteWith = (script: string) => {
        const program = `#!/bin/sh\nfor arg; do metadata="\${arg#--metadata-file=}"; done\n${script}\n`;
        fs.writeFileSync(path.join(folder, "buildctl"), program, { mode: 0o755 });
        const env = { PATH: `${folder}:${process.env.PATH ?? ""}`, HOME: os.tmpdir() };
        const tokenOf = (email: string) => Promise.resolve(`token of ${email}`);
        return { home: { ...homeOf(repository.folder), logs: path.join(folder, "logs") }, records, env, tokenOf };
    };
    const metadata = `printf '{"containerimage.digest":"${DIGEST}"}' > "$metadata"`;
    const head = () => repository.git("rev-parse", "HEAD").trim();
    const entry = (build = buildOf({})): Entry => {
        const { name, github } = triggerOf({});
        const fixed = { uuid: "u", status: "RUNNING", provisioned: {}, createdAt: "", updatedAt: "" } as const;
        const inputs = JSON.parse(JSON.stringify({ name, github, build })) as Entry["inputs"];
        return { type: "cloudbuild.googleapis.com/BuildTrigger", id: "projects/p/locations/us-central1/triggers/t", inputs, ...fixed };
    };

    it("are recorded while they run, and with the digests of their images", async () => {
        const site = siteWith(`echo building; ${metadata}`);
        const { build, ended } = startBuild(site, triggerOf({}), pushOf({ commit: head() }));
        expect(records.list()[0]).to.deep.include({ id: build.id, status: "WORKING", buildTriggerId: "0f8fad5b", projectId: "p" });
        expect(await ended).to.equal(0);
        const [done] = records.list();
        expect([done?.status, done?.results]).to.deep.equal([
            "SUCCESS",
            { images: [{ name: `r/app:${head().slice(0, 7)}`, digest: DIGEST }] },
        ]);
        expect(done?.name).to.match(/^projects\/\d{12}\/locations\/us-central1\/builds\/[0-9a-f-]{36}$/);
        expect(done?.substitutions).to.include({ COMMIT_SHA: head(), BRANCH_NAME: "main", TRIGGER_NAME: "build" });
        expect(fs.readFileSync(textOrEmpty(done?.logUrl).slice("file://".length), "utf8")).to.equal("building\n");
    });

    it("push as their service account", async () => {
        const trigger = triggerOf({ serviceAccount: "projects/p/serviceAccounts/build@p.iam.gserviceaccount.com" });
        const { build, ended } = startBuild(
            siteWith(`echo "$CLOUDSDK_AUTH_ACCESS_TOKEN"; ${metadata}`),
            trigger,
            pushOf({ commit: head() }),
        );
        expect(await ended).to.equal(0);
        expect(fs.readFileSync(textOrEmpty(build.logUrl).slice("file://".length), "utf8")).to.equal(
            "token of build@p.iam.gserviceaccount.com\n",
        );
    });

    it("fail with their steps, and time out", async () => {
        expect(await startBuild(siteWith("exit 3"), triggerOf({}), pushOf({ commit: head() })).ended).to.equal(3);
        expect(records.list()[0]?.status).to.equal("FAILURE");
        const slow = triggerOf({ build: buildOf({ timeout: "1s" }) });
        const error = await startBuild(siteWith("exec sleep 60"), slow, pushOf({ commit: head() })).ended.catch(
            (problem: unknown) => problem,
        );
        expect((error as Error).message).to.equal("The build exceeded its time limit of 1s.");
        expect(records.list()[0]?.status).to.equal("TIMEOUT");
    });

    it("start at a commit of the clone, and at no other", async () => {
        const builder = sandboxBuilder(siteWith(metadata));
        const { id } = builder.start(entry(), head());
        while (builder.list()[0]?.status === "WORKING") {
            await delay(20);
        }
        expect(builder.list()[0]).to.include({ id, status: "SUCCESS" });
        expect(() => builder.start(entry(), "f".repeat(40))).to.throw(`Couldn't read commit ${"f".repeat(40)}`);
        const [step] = buildOf({}).steps.slice(1);
        const odd = buildOf({ steps: [{ id: "x", name: "docker", waitFor: [], args: ["run", ...(step?.args ?? [])] }] });
        expect(() => builder.start(entry(odd), head())).to.throw("is not an image build");
        expect(builder.list()).to.have.length(1);
    });
});
