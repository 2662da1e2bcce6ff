import * as fs from "node:fs";
import * as path from "node:path";
import { rootCertificates } from "node:tls";

/**
 * Returns the trusted authorities for a kubeconfig without one: Node's root certificates, and the certificates in the SSL_CERT_DIR folders,
 * which the official provider's Go runtime reads too. The folders are read on every call, because an update that creates a cluster adds a
 * certificate.
 */
export function machineAuthorities(folders = process.env.SSL_CERT_DIR ?? ""): string[] {
    const files = folders
        .split(path.delimiter)
        .filter((folder) => folder !== "" && fs.existsSync(folder))
        .flatMap((folder) => fs.readdirSync(folder).map((file) => path.join(folder, file)))
        .filter((file) => file.endsWith(".crt"));
    return [...rootCertificates, ...files.map((file) => fs.readFileSync(file, "utf8"))];
}
