import { expect } from "chai";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseExecCredential, isFresh, runExecPlugin } from "../../kube/exec-credential";
import { readKubeconfig } from "../../kube/kubeconfig";

const yaml = `
apiVersion: v1
kind: Config
current-context: x
contexts:
  - { name: x, context: { cluster: c, user: u, namespace: ml } }
  - { name: y, context: { cluster: d, user: v } }
clusters:
  - { name: c, cluster: { server: "https://one/", certificate-authority-data: ${Buffer.from("PEM").toString("base64")} } }
  - { name: d, cluster: { server: "https://two", insecure-skip-tls-verify: true, certificate-authority: ca.pem } }
users:
  - { name: u, user: { exec: { apiVersion: client.authentication.k8s.io/v1, command: plugin, args: [a], env: [{ name: E, value: f }], installHint: get it } } }
  - { name: v, user: { token: secret } }
`;

describe("readKubeconfig", () => {
    let folder: string;
    before(() => {
        folder = mkdtempSync(join(tmpdir(), "kubeconfig-"));
        writeFileSync(join(folder, "config"), yaml);
        writeFileSync(join(folder, "ca.pem"), "PEM2");
    });
    after(() => rmSync(folder, { recursive: true }));

    it("reads the current context of a content", async () => {
        expect(await readKubeconfig(yaml)).to.deep.equal({
            server: "https://one",
            namespace: "ml",
            certificateAuthority: "PEM",
            serverName: undefined,
            skipVerification: false,
            credential: {
                kind: "exec",
                apiVersion: "client.authentication.k8s.io/v1",
                command: "plugin",
                args: ["a"],
                env: { E: "f" },
                installHint: "get it",
            },
        });
    });

    it("reads the chosen context of a file, with files next to it", async () => {
        expect(await readKubeconfig(join(folder, "config"), { context: "y" })).to.deep.equal({
            server: "https://two",
            namespace: undefined,
            certificateAuthority: "PEM2",
            serverName: undefined,
            skipVerification: true,
            credential: { kind: "token", token: "secret" },
        });
    });

    for (const [why, content, selection, message] of [
        ["a file that does not exist", "/no/such/file", {}, "neither the path of a file nor the content of one"],
        ["an unknown context", yaml, { context: "z" }, 'has no context "z"'],
        ["an unknown cluster", yaml, { cluster: "e" }, 'has no cluster "e"'],
        ["no current context", yaml.replace("current-context: x", ""), {}, "has no current-context"],
    ] as const) {
        it(`refuses ${why}`, async () => {
            const error = await readKubeconfig(content, selection).then(
                () => undefined,
                (reason: unknown) => reason as Error,
            );
            expect(error?.message).to.contain(message);
        });
    }
});

describe("exec plugins", () => {
    const plugin = { apiVersion: "client.authentication.k8s.io/v1", args: [], env: {} };
    const answer = { status: { token: "t", expirationTimestamp: "2030-01-01T00:00:00Z" } };

    it("are run, with their own environment", async () => {
        const args = ["-e", "console.log(JSON.stringify({ status: { token: process.env.TOKEN } }))"];
        expect(await runExecPlugin({ ...plugin, command: process.execPath, args, env: { TOKEN: "abc" } })).to.include({
            token: "abc",
            expires: undefined,
        });
    });

    it("that are missing are named, with installation instructions", async () => {
        const error = await runExecPlugin({ ...plugin, command: "no-such-plugin", installHint: "Install it so." }).catch(
            (reason: unknown) => reason as Error,
        );
        expect((error as Error).message).to.equal(
            "the kubeconfig's credential plugin no-such-plugin failed: it is not on the PATH. Install it so.",
        );
    });

    it("are reused until shortly before they expire", () => {
        const credential = parseExecCredential("p", JSON.stringify(answer));
        const expires = Date.parse(answer.status.expirationTimestamp);
        expect(credential).to.deep.equal({ token: "t", certificate: undefined, key: undefined, expires });
        expect(isFresh(credential, expires - 60_000)).to.equal(true);
        expect(isFresh(credential, expires - 10_000)).to.equal(false);
    });

    it("that print something else are refused", () => {
        expect(() => parseExecCredential("p", "hello")).to.throw("did not print an ExecCredential");
        expect(() => parseExecCredential("p", "{}")).to.throw("neither a token nor a certificate");
    });
});
