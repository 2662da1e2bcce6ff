// Must come before the next import, which loads tsyringe.
import "reflect-metadata";
import { X509CertificateGenerator, type X509Certificate } from "@peculiar/x509";
import * as x509 from "@peculiar/x509";
import { generateKeyPairSync, webcrypto } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const YEAR_MS = 365 * 24 * 3600 * 1000;

/** PEM files of a certificate and its key. */
export interface KeyPairFiles {
    readonly certificate: string;
    readonly key: string;
}

/** Subject of a certificate. */
export interface Subject {
    readonly commonName: string;
    /** Kubernetes uses the organizations of a client certificate as the user's groups. */
    readonly organization?: string;
    /** Names and IP addresses of a server certificate. */
    readonly hosts?: readonly string[];
}

/** The certificate authority of one cluster: a folder with the authority's key pair and the key pairs that it issued. */
export class CertificateAuthority {
    private constructor(
        private readonly folder: string,
        private readonly certificate: X509Certificate,
        private readonly key: webcrypto.CryptoKey,
    ) {}

    /** PEM file of the authority's certificate. */
    get file(): string {
        return path.join(this.folder, "ca.crt");
    }

    /** Opens the authority in a folder, or creates one there. */
    static async at(folder: string): Promise<CertificateAuthority> {
        x509.cryptoProvider.set(webcrypto);
        const files = pair(folder, "ca");
        if (fs.existsSync(files.certificate) && fs.existsSync(files.key)) {
            const pem = fs.readFileSync(files.key, "utf8");
            const key = await webcrypto.subtle.importKey("pkcs8", x509.PemConverter.decodeFirst(pem), ALGORITHM, true, ["sign"]);
            return new CertificateAuthority(folder, new x509.X509Certificate(fs.readFileSync(files.certificate, "utf8")), key);
        }
        fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
        const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
        const certificate = await X509CertificateGenerator.createSelfSigned({
            name: "CN=ml-platform sandbox",
            keys,
            signingAlgorithm: ALGORITHM,
            ...validity(),
            extensions: [
                new x509.BasicConstraintsExtension(true, undefined, true),
                new x509.KeyUsagesExtension(
                    x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign | x509.KeyUsageFlags.digitalSignature,
                    true,
                ),
                await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
            ],
        });
        await write(files, certificate, keys.privateKey);
        return new CertificateAuthority(folder, certificate, keys.privateKey);
    }

    /** Issues a key pair for servers and clients, and writes it to `<name>.crt` and `<name>.key`. Overwrites an existing pair. */
    async issue(name: string, subject: Subject): Promise<KeyPairFiles> {
        const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
        const attributes: x509.JsonName = [{ CN: [subject.commonName] }];
        if (subject.organization !== undefined) {
            attributes.unshift({ O: [subject.organization] });
        }
        const certificate = await X509CertificateGenerator.create({
            subject: attributes,
            issuer: this.certificate.subject,
            publicKey: keys.publicKey,
            signingKey: this.key,
            signingAlgorithm: ALGORITHM,
            ...validity(),
            extensions: [
                new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
                new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]),
                await x509.AuthorityKeyIdentifierExtension.create(this.certificate.publicKey),
                ...(subject.hosts === undefined ? [] : [new x509.SubjectAlternativeNameExtension(subject.hosts.map(alternativeName))]),
            ],
        });
        const files = pair(this.folder, name);
        await write(files, certificate, keys.privateKey);
        return files;
    }
}

function pair(folder: string, name: string): KeyPairFiles {
    return { certificate: path.join(folder, `${name}.crt`), key: path.join(folder, `${name}.key`) };
}

function validity(): { notBefore: Date; notAfter: Date } {
    // Valid from an hour ago, because a machine's clock may be set back after sleep.
    return { notBefore: new Date(Date.now() - 3_600_000), notAfter: new Date(Date.now() + 10 * YEAR_MS) };
}

function alternativeName(host: string): x509.JsonGeneralName {
    return { type: /^[\d.]+$|:/.test(host) ? "ip" : "dns", value: host };
}

async function write(files: KeyPairFiles, certificate: X509Certificate, key: webcrypto.CryptoKey): Promise<void> {
    const pkcs8 = await webcrypto.subtle.exportKey("pkcs8", key);
    fs.writeFileSync(files.key, `${x509.PemConverter.encode(pkcs8, "PRIVATE KEY")}\n`, { mode: 0o600 });
    fs.writeFileSync(files.certificate, `${certificate.toString("pem")}\n`);
}

/** Files of the key pair for service account tokens. */
export interface AccountKeys {
    readonly privateKey: string;
    readonly publicKey: string;
}

/** Returns the key pair that signs service account tokens. It is created once, so that tokens of earlier starts remain valid. */
export function serviceAccountKeys(folder: string): AccountKeys {
    const files = { privateKey: path.join(folder, "service-accounts.key"), publicKey: path.join(folder, "service-accounts.pub") };
    if (!fs.existsSync(files.publicKey)) {
        const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
        fs.writeFileSync(files.privateKey, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
        fs.writeFileSync(files.publicKey, publicKey.export({ type: "spki", format: "pem" }));
    }
    return files;
}
