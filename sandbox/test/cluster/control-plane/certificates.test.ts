import { expect } from "chai";
import { X509Certificate } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { CertificateAuthority, type KeyPairFiles } from "../../../cluster/control-plane/certificates";

describe("certificates of a cluster", () => {
    let folder: string;

    beforeEach(() => {
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "certificates-"));
    });

    afterEach(() => {
        fs.rmSync(folder, { recursive: true });
    });

    const read = (file: string): X509Certificate => new X509Certificate(fs.readFileSync(file));

    it("name their owner, its group and its hosts, and are signed by the authority", async () => {
        const authority = await CertificateAuthority.at(folder);
        const hosts = ["10.70.0.2", "node-a"];
        const pair = await authority.issue("node", { commonName: "system:node:a", organization: "system:nodes", hosts });
        const certificate = read(pair.certificate);
        expect(certificate.subject.split("\n")).to.have.members(["O=system:nodes", "CN=system:node:a"]);
        expect(certificate.subjectAltName).to.equal("IP Address:10.70.0.2, DNS:node-a");
        expect(certificate.verify(read(authority.file).publicKey)).to.equal(true);
        expect(certificate.ca).to.equal(false);
    });

    it("stay valid when the authority is reloaded, and only for that authority", async () => {
        const issue = async (at: string): Promise<KeyPairFiles> => (await CertificateAuthority.at(at)).issue("x", { commonName: "x" });
        await issue(folder);
        const authority = read(path.join(folder, "ca.crt"));
        const again = await issue(folder);
        const other = await issue(path.join(folder, "other"));
        expect(read(again.certificate).verify(authority.publicKey)).to.equal(true);
        expect(read(other.certificate).verify(authority.publicKey)).to.equal(false);
    });

    it("have keys that only their user can read", async () => {
        const { key } = await (await CertificateAuthority.at(folder)).issue("x", { commonName: "x" });
        expect(fs.statSync(key).mode & 0o077).to.equal(0);
        expect(fs.statSync(path.join(folder, "ca.key")).mode & 0o077).to.equal(0);
    });
});
