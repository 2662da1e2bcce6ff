import { expect } from "chai";
import type { Ended } from "./clone";
import { sandbox } from "./hooks";

interface Objects {
    readonly items: readonly { readonly kind: string; readonly metadata: { readonly name: string } }[];
}

interface Ledger {
    readonly resources: readonly { readonly id: string; readonly policy?: { readonly bindings: readonly { readonly role: string }[] } }[];
}

/** A run that keeps its pod waiting: the sandbox has no values of secrets. */
const RUN = {
    "training.runId": "with-secrets",
    "training.wait": false,
    "training.secrets": [
        { secret: "hf-token", version: 1, file: "hf-token" },
        { secret: "tracker", version: "latest", variable: "WANDB_API_KEY" },
    ],
};

describe("secrets in Secret Manager", function () {
    this.timeout(5 * 60_000);

    const kubectl = (...args: string[]) => ["kubectl", "--namespace", "training", ...args] as const;

    /** Returns the output of a command after some changes in the stack file. */
    async function edited(changes: Readonly<Record<string, unknown>>, ...command: readonly string[]): Promise<Ended> {
        const { clone } = sandbox();
        const restore = clone.configure(changes);
        try {
            return await clone.sandbox(...command);
        } finally {
            restore();
        }
    }

    const uidOfCluster = async () =>
        (await sandbox().clone.sandbox("kubectl", "get", "namespace", "kube-system", "--output", "jsonpath={.metadata.uid}")).output;

    it("can be enabled in place, are readable by the workload's account only, and stay while a run trains", async () => {
        const { clone } = sandbox();
        const cluster = await uidOfCluster();
        const preview = await edited(RUN, "preview", "--diff");
        expect(preview.code, preview.output).to.equal(0);
        expect(preview.output)
            .to.contain("secretManagerConfig")
            .and.not.to.match(/to replace/);

        const up = await edited(RUN, "up", "--yes", "--skip-preview");
        expect(up.code, up.output).to.equal(0);
        expect(await uidOfCluster()).to.equal(cluster);
        const { items } = await clone.json<Objects>(...kubectl("get", "secretproviderclasses,secretsyncs", "--output", "json"));
        expect(items.map(({ kind, metadata }) => `${kind} ${metadata.name.replace(/[0-9a-f]{8}$/, "")}`).sort()).to.deep.equal([
            "SecretProviderClass run-with-secrets-files-",
            "SecretProviderClass run-with-secrets-variables-",
            "SecretSync run-with-secrets-variables-",
        ]);
        const { resources } = JSON.parse(clone.read(".sandbox/cloud/ledger.json")) as Ledger;
        const secret = resources.find(({ id }) => id === "projects/ml-platform-sandbox/secrets/hf-token");
        expect(secret?.policy?.bindings.map(({ role }) => role)).to.deep.equal(["roles/secretmanager.secretAccessor"]);
        expect(up.output).to.contain(
            "the sandbox created secret projects/ml-platform-sandbox/secrets/hf-token, which the program expects to exist",
        );

        const lost = await edited({ ...RUN, "training.secrets": [] }, "preview");
        expect(lost.code).not.to.equal(0);
        expect(lost.output).to.contain("this update would remove secrets that it was started with. Wait until it ends:");
    });

    it("outlive their grants, until a client of Google's API deletes them", async () => {
        const { clone } = sandbox();
        await clone.sandbox(...kubectl("delete", "job", "training-with-secrets"));
        await clone.up();
        for (const secret of ["hf-token", "tracker"]) {
            const address = `"\${GOOGLE_SECRET_MANAGER_CUSTOM_ENDPOINT}projects/ml-platform-sandbox/secrets/${secret}"`;
            const request = `curl --silent --fail --request DELETE --header "Authorization: Bearer $GOOGLE_OAUTH_ACCESS_TOKEN" ${address}`;
            const { code, output } = await clone.sandbox("run", "bash", "-c", request);
            expect([code, output.trim()]).to.deep.equal([0, "{}"]);
        }
    });
});
