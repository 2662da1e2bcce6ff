import { expect } from "chai";
import { checkSettings, diffSettings, parseSettings } from "../../../providers/kubernetes/settings";
import { type Properties, UNKNOWN } from "../../../providers/property-values";

function kubeconfig(server: string, token = "t"): string {
    return JSON.stringify({
        clusters: [{ name: "c", cluster: { server } }],
        users: [{ name: "u", user: { token } }],
        contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
        "current-context": "x",
    });
}

async function changes(olds: Properties, news: Properties): Promise<string[]> {
    return (await diffSettings(olds, news)).changes.map(({ kind, replaces, path }) => `${kind}${replaces ? "!" : ""} ${path.join(".")}`);
}

describe("diffSettings", () => {
    const one = kubeconfig("https://one");
    const table: readonly (readonly [string, Properties, Properties, readonly string[]])[] = [
        ["the same", { kubeconfig: one }, { kubeconfig: one }, []],
        ["another identifier", { clusterIdentifier: "a" }, { clusterIdentifier: "b" }, ["update! clusterIdentifier"]],
        ["an identifier that is not known yet", { clusterIdentifier: "a" }, { clusterIdentifier: UNKNOWN }, ["update! clusterIdentifier"]],
        ["a first identifier", { kubeconfig: one }, { kubeconfig: one, clusterIdentifier: "a" }, ["add clusterIdentifier"]],
        [
            "the same identifier at another address",
            { kubeconfig: one, clusterIdentifier: "a" },
            { kubeconfig: kubeconfig("https://two"), clusterIdentifier: "a" },
            ["update kubeconfig"],
        ],
        [
            "the same identifier, the kubeconfig not known yet",
            { kubeconfig: one, clusterIdentifier: "a" },
            { kubeconfig: UNKNOWN, clusterIdentifier: "a" },
            ["update kubeconfig"],
        ],
        ["another address, no identifier", { kubeconfig: one }, { kubeconfig: kubeconfig("https://two") }, ["update! kubeconfig"]],
        ["another token, no identifier", { kubeconfig: one }, { kubeconfig: kubeconfig("https://one", "t2") }, ["update kubeconfig"]],
        ["a kubeconfig that is not known yet, no identifier", { kubeconfig: one }, { kubeconfig: UNKNOWN }, ["update! kubeconfig"]],
        ["another switch", { kubeconfig: one }, { kubeconfig: one, enablePatchForce: "true" }, ["add enablePatchForce"]],
    ];
    for (const [why, olds, news, expected] of table) {
        it(`${why}: ${expected.join(", ") || "no change"}`, async () => {
            expect(await changes(olds, news)).to.deep.equal(expected);
        });
    }
});

describe("parseSettings", () => {
    it("reads switches as values and as JSON texts", () => {
        expect(parseSettings({ enableConfigMapMutable: "true", enableSecretMutable: true, enablePatchForce: "false" })).to.deep.include({
            mutableConfigMaps: true,
            mutableSecrets: true,
            forceConflicts: false,
        });
    });

    it("knows that it does not know the cluster yet", () => {
        expect(parseSettings({ kubeconfig: UNKNOWN }).kubeconfig).to.equal(UNKNOWN);
        expect(parseSettings({ kubeconfig: "content", context: UNKNOWN }).kubeconfig).to.equal(UNKNOWN);
        expect(parseSettings({ kubeconfig: "content" }).kubeconfig).to.equal("content");
    });
});

describe("checkSettings", () => {
    it("refuses what only the official provider does", () => {
        const properties = (inputs: Properties) => checkSettings(inputs).failures.map((failure) => failure.property);
        expect(properties({ renderYamlToDirectory: "out", enableServerSideApply: "false" })).to.deep.equal([
            "renderYamlToDirectory",
            "enableServerSideApply",
        ]);
        expect(properties({ kubeconfig: "content", enableServerSideApply: "true" })).to.deep.equal([]);
    });
});
