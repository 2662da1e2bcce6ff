import { expect } from "chai";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { type Home, homeOf } from "../../home";
import { accessToken } from "../../identity/access-token";
import { makeCredentials } from "../../identity/credentials";
import { useCredentialHelper } from "../../registry/docker-config";

describe("the sandbox's credentials", () => {
    let home: Home;

    beforeEach(() => {
        // Spaces and a quote: a clone may lie anywhere.
        const run = mkdtempSync(path.join(tmpdir(), "a sandbox's "));
        home = { ...homeOf("/somewhere/clone"), root: run, run, tools: path.join(run, "bin") };
        fs.mkdirSync(home.tools);
    });
    afterEach(() => {
        rmSync(home.run, { recursive: true });
    });

    const ran = (program: string, args: readonly string[], input = "", token?: string): unknown => {
        const { CLOUDSDK_AUTH_ACCESS_TOKEN: _, ...env } = process.env;
        const withToken = token === undefined ? env : { ...env, CLOUDSDK_AUTH_ACCESS_TOKEN: token };
        return JSON.parse(execFileSync(path.join(home.tools, program), args, { input, encoding: "utf8", env: withToken }));
    };

    it("are one permanent token, also for the clusters, that only its user can read", () => {
        expect(accessToken(home)).to.equal("");
        makeCredentials(home);
        const token = accessToken(home);
        expect(token).to.match(/^[0-9a-f]{48}$/);
        makeCredentials(home);
        expect(accessToken(home)).to.equal(token);
        expect(fs.readFileSync(path.join(home.run, "token.csv"), "utf8")).to.equal(`${token},admin,admin,"system:masters"\n`);
        for (const file of ["token", "token.csv"]) {
            expect(fs.statSync(path.join(home.run, file)).mode & 0o777, file).to.equal(0o600);
        }
    });

    it("reach kubectl, Docker and kubelets from the programs that they ask on Google Cloud", () => {
        makeCredentials(home);
        const token = accessToken(home);
        expect(ran("gke-gcloud-auth-plugin", [])).to.deep.equal({
            kind: "ExecCredential",
            apiVersion: "client.authentication.k8s.io/v1beta1",
            status: { token },
        });
        expect(ran("docker-credential-gcloud", ["get"], "127.0.0.1:5000\n")).to.deep.equal({
            ServerURL: "127.0.0.1:5000",
            Username: "_dcgcloud_token",
            Secret: token,
        });
        expect(ran("docker-credential-gcloud", ["list"])).to.deep.equal({});
        const request = { kind: "CredentialProviderRequest", image: "127.0.0.1:5000/p/r/i@sha256:0" };
        const nodeToken = path.join(home.run, "node-token");
        fs.writeFileSync(nodeToken, "the-nodes");
        expect(ran("auth-provider-gcp", ["127.0.0.1:5000", nodeToken], JSON.stringify(request))).to.deep.equal({
            kind: "CredentialProviderResponse",
            apiVersion: "credentialprovider.kubelet.k8s.io/v1",
            cacheKeyType: "Registry",
            auth: { "127.0.0.1:5000": { username: "_token", password: "the-nodes" } },
        });
    });

    it("belong to the service account that a command runs as", () => {
        makeCredentials(home);
        expect(ran("gke-gcloud-auth-plugin", [], "", "of-an-account")).to.have.deep.property("status", { token: "of-an-account" });
        expect(ran("docker-credential-gcloud", ["get"], "127.0.0.1:5000\n", "of-an-account")).to.have.property("Secret", "of-an-account");
    });

    it("are used for the sandbox's registry by Docker's configuration, and for no other", () => {
        useCredentialHelper(home, "127.0.0.1:5000");
        useCredentialHelper(home, "127.0.0.1:5001");
        expect(JSON.parse(fs.readFileSync(path.join(home.run, "docker", "config.json"), "utf8"))).to.deep.equal({
            credHelpers: { "127.0.0.1:5001": "gcloud" },
        });
    });
});
