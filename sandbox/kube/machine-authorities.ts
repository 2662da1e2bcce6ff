import * as fs from "node:fs";
import * as path from "node:path";
import { rootCertificates } from "node:tls";

/**
 * The trusted authorities for a kubeconfig that names none: Node's, and those in the folders of SSL_CERT_DIR, which the Go runtime of the official provider reads too.
 * They are read each time: a cluster that this update creates adds one.
 */
export function machineAuthorities(folders = process.env.SSL_CERT_DIR ?? ""): string[] {
    const files = folders
        .split(path.delimiter)
        .filter((folder) => folder !== "" && fs.existsSync(folder))
        .flatMap((folder) => fs.readdirSync(folder).map((file) => path.join(folder, file)))
        .filter((file) => file.endsWith(".crt"));
    return [...rootCertificates, ...files.map((file) => fs.readFileSync(file, "utf8"))];
}
