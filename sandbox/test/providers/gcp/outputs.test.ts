import { expect } from "chai";
import { predictCreation, predictUpdate, markSecrets, withoutDefaults } from "../../../providers/gcp/outputs";
import { secret, UNKNOWN } from "../../../providers/property-values";

const CLUSTER = "gcp:container/cluster:Cluster";
const ACCOUNT = "gcp:serviceaccount/account:Account";
const masterAuth = { clientCertificateConfig: { issueClientCertificate: false } };

describe("withoutDefaults", () => {
    it("removes the provider's own property, and nothing else", () => {
        expect(withoutDefaults({ a: 1, __defaults: ["a"] })).to.deep.equal({ a: 1 });
    });
});

describe("markSecrets", () => {
    it("marks secrets of the schema, at any depth", () => {
        const outputs = { masterAuth: { clientKey: "k", clusterCaCertificate: "c" }, name: "n" };
        expect(markSecrets(CLUSTER, outputs)).to.deep.equal({
            masterAuth: { clientKey: secret("k"), clusterCaCertificate: "c" },
            name: "n",
        });
        expect(markSecrets("gcp:secretmanager/secretVersion:SecretVersion", { secretData: "hush" })).to.deep.equal({
            secretData: secret("hush"),
        });
    });

    it("does not change values of unknown types and names", () => {
        expect(markSecrets("gcp:none:None", { a: [{ b: 1 }] })).to.deep.equal({ a: [{ b: 1 }] });
    });
});

describe("predictCreation", () => {
    it("returns the inputs, and unknown values for everything else", () => {
        const {
            endpoint,
            name,
            selfLink,
            masterAuth: auth,
            __defaults,
        } = predictCreation(CLUSTER, { name: "ml", masterAuth, __defaults: [] });
        expect({ endpoint, name, selfLink, auth, __defaults }).to.deep.equal({
            endpoint: UNKNOWN,
            name: "ml",
            selfLink: UNKNOWN,
            auth: { ...masterAuth, clusterCaCertificate: UNKNOWN, clientCertificate: UNKNOWN, clientKey: UNKNOWN },
            __defaults: undefined,
        });
    });

    it("derives the email address of a service account from its ID", () => {
        const known = predictCreation(ACCOUNT, { accountId: "nodes", project: "p" });
        const unknown = predictCreation(ACCOUNT, { accountId: UNKNOWN, project: "p" });
        expect([known.email, known.member, known.uniqueId]).to.deep.equal([
            "nodes@p.iam.gserviceaccount.com",
            "serviceAccount:nodes@p.iam.gserviceaccount.com",
            UNKNOWN,
        ]);
        expect(unknown.email).to.equal(UNKNOWN);
    });
});

describe("predictUpdate", () => {
    const oldInputs = { name: "ml", description: "x", masterAuth };
    const oldOutputs = { ...oldInputs, endpoint: "e", masterAuth: { ...masterAuth, clusterCaCertificate: "c" } };

    it("keeps computed values, uses the new inputs and drops the removed ones", () => {
        expect(predictUpdate(CLUSTER, { name: "ml", minMasterVersion: "1", __defaults: [] }, oldInputs, oldOutputs)).to.deep.equal({
            name: "ml",
            endpoint: "e",
            minMasterVersion: "1",
        });
    });

    it("keeps values that the cloud filled in", () => {
        const { masterAuth: auth } = predictUpdate(CLUSTER, oldInputs, oldInputs, oldOutputs);
        expect(auth).to.deep.equal({ ...masterAuth, clusterCaCertificate: "c", clientCertificate: UNKNOWN, clientKey: UNKNOWN });
    });
});
