import { expect } from "chai";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { serveControl } from "../../../../daemon/control";
import { HelmReleases, RELEASE } from "../../../../providers/kubernetes/helm/releases";
import { withReleases } from "../../../../providers/kubernetes/helm/with-releases";
import { InitFailed, type Provider } from "../../../../providers/provider";
import { UNKNOWN } from "../../../../providers/property-values";

const INPUTS = {
    name: "kueue",
    namespace: "kueue-system",
    createNamespace: true,
    chart: "oci://registry.k8s.io/kueue/charts/kueue",
    version: "0.17.0",
    timeout: 600,
    values: { webhookService: { type: "ClusterIP" } },
};
const TARGET = { urn: "urn", type: RELEASE, name: "kueue" };
const operation = () => ({ ...TARGET, cancelled: new AbortController().signal });
const LISTED = {
    name: "kueue",
    namespace: "kueue-system",
    revision: "1",
    status: "deployed",
    chart: "kueue-0.17.0",
    app_version: "v0.17.0",
};

/** A program in the place of Helm, which writes down its arguments and values, and answers from the files `listed` and `refusal`. */
const PROGRAM = `#!/bin/sh
here=$(dirname "$0")
echo "$@" >> "$here/calls"
while [ $# -gt 0 ]; do [ "$1" = --values ] && cp "$2" "$here/values"; [ "$1" = list ] && exec cat "$here/listed"; shift; done
[ ! -f "$here/refusal" ] || { cat "$here/refusal" >&2; exit 1; }
`;

describe("Helm releases", function () {
    // Each starts programs, which a busy machine does not do within the default time.
    this.timeout(120_000);
    let folder: string;
    let close: () => Promise<void>;
    let asked: string[];
    let releases: HelmReleases;

    const at = (file: string): string => path.join(folder, file);
    const calls = (): string[] =>
        fs
            .readFileSync(at("calls"), "utf8")
            .trim()
            .split("\n")
            .map((line) => line.replaceAll(/--kubeconfig \S+/g, "--kubeconfig FILE").replaceAll(/--values \S+/g, "--values FILE"));

    beforeEach(async () => {
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "releases-"));
        fs.writeFileSync(at("helm"), PROGRAM, { mode: 0o755 });
        fs.writeFileSync(at("listed"), JSON.stringify([LISTED]));
        asked = [];
        const prepare = (query: URLSearchParams) => {
            asked.push(query.toString());
            return Promise.resolve({ helm: at("helm"), chart: "/cache/chart-kueue-0.17.0" });
        };
        close = await serveControl(at("daemon.sock"), { "POST /chart": prepare });
        releases = new HelmReleases({ log: () => undefined, status: () => undefined }, at("daemon.sock"));
        releases.configure({ kubeconfig: "{\n}" });
    });

    afterEach(async () => {
        await close();
        fs.rmSync(folder, { recursive: true });
    });

    it("are installed by Helm itself from the chart that the daemon made, and waited for", async () => {
        const { id, outputs } = await releases.create({ ...operation(), inputs: INPUTS, preview: false });
        expect(id).to.equal("kueue-system/kueue");
        expect(asked).to.deep.equal(["chart=oci%3A%2F%2Fregistry.k8s.io%2Fkueue%2Fcharts%2Fkueue&version=0.17.0"]);
        expect(calls()).to.deep.equal([
            "install kueue /cache/chart-kueue-0.17.0 --namespace kueue-system --create-namespace --values FILE --wait --timeout 600s --kubeconfig FILE",
            "list --all --namespace kueue-system --filter ^kueue$ --output json --kubeconfig FILE",
        ]);
        expect(JSON.parse(fs.readFileSync(at("values"), "utf8"))).to.deep.equal(INPUTS.values);
        expect(outputs.status).to.deep.equal({
            name: "kueue",
            namespace: "kueue-system",
            revision: 1,
            status: "deployed",
            chart: "kueue-0.17.0",
            appVersion: "v0.17.0",
            version: "0.17.0",
        });
    });

    it("touch nothing in a preview, which knows no status yet", async () => {
        expect((await releases.create({ ...operation(), inputs: INPUTS, preview: true })).outputs).to.deep.equal({
            ...INPUTS,
            status: UNKNOWN,
        });
        expect(asked).to.deep.equal([]);
    });

    it("are upgraded, and replaced where their name or namespace changes", async () => {
        await releases.update({ ...operation(), inputs: INPUTS, preview: false });
        expect(calls()[0]).to.match(/^upgrade kueue \/cache\/chart-kueue-0\.17\.0 --namespace kueue-system --values FILE --wait/);
        const changed = releases.diff({ oldInputs: INPUTS, inputs: { ...INPUTS, values: {}, namespace: "other" } });
        expect(changed.changes.map(({ path: [field], replaces }) => [field, replaces])).to.deep.include.members([["namespace", true]]);
        expect(changed.deleteBeforeReplace).to.equal(true);
        expect(releases.diff({ oldInputs: INPUTS, inputs: { ...INPUTS, timeout: 60 } }).deleteBeforeReplace).to.equal(false);
    });

    it("stay in the state when they do not become ready, so that the next update upgrades them", async () => {
        fs.writeFileSync(at("refusal"), "context deadline exceeded");
        const failed = await releases.create({ ...operation(), inputs: INPUTS, preview: false }).catch((error: unknown) => error);
        expect(failed)
            .to.be.instanceOf(InitFailed)
            .and.to.deep.include({ reasons: ["context deadline exceeded"] });
        expect((failed as InitFailed).existing.id).to.equal("kueue-system/kueue");
    });

    it("do not take over the release of another program", async () => {
        fs.writeFileSync(at("refusal"), "cannot re-use a name that is still in use");
        const refused = await releases.create({ ...operation(), inputs: INPUTS, preview: false }).catch((error: unknown) => error);
        expect(refused).to.be.instanceOf(Error).and.not.to.be.instanceOf(InitFailed);
    });

    it("are gone where Helm lists none, and are removed with their objects", async () => {
        fs.writeFileSync(at("listed"), "[]");
        expect(await releases.read({ ...operation(), id: "kueue-system/kueue", inputs: INPUTS })).to.equal(undefined);
        await releases.delete({ ...operation(), inputs: INPUTS });
        expect(calls().at(-1)).to.equal(
            "uninstall kueue --namespace kueue-system --ignore-not-found --wait --timeout 600s --kubeconfig FILE",
        );
    });

    it("of other charts need the official provider", () => {
        expect(releases.check({ inputs: INPUTS }).failures).to.deep.equal([]);
        for (const change of [{ chart: "redis" }, { version: "0.16.0" }]) {
            expect(releases.check({ inputs: { ...INPUTS, ...change } }).failures).to.deep.equal([
                {
                    property: "chart",
                    reason: "the sandbox's own provider has only these charts: oci://registry.k8s.io/kueue/charts/kueue 0.17.0; others need the official provider",
                },
            ]);
        }
    });

    it("are told from objects by their type", async () => {
        const called: string[] = [];
        const objects = { version: "4.0.0", check: () => called.push("object") } as unknown as Provider;
        const both = withReleases(objects, releases);
        expect(both.version).to.equal("4.0.0");
        await both.check({ ...TARGET, type: "kubernetes:core/v1:Pod", inputs: {}, oldInputs: undefined, randomSeed: new Uint8Array() });
        expect(called).to.deep.equal(["object"]);
        await both.check({ ...TARGET, inputs: INPUTS, oldInputs: undefined, randomSeed: new Uint8Array() });
        expect(called).to.deep.equal(["object"]);
    });
});
