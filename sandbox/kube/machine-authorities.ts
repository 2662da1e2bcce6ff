import * as fs from "node:fs";
import * as path from "node:path";
import { rootCertificates } from "node:tls";

/**
 * The authorities that hold where a kubeconfig names none: Node's own, and those in the folders of SSL_CERT_DIR, as for the official provider, whose Go runtime reads
 * that variable. They are read each time: a cluster that this update makes brings a new one.
 */
export function machineAuthorities(folders = process.env.SSL_CERT_DIR ?? ""): string[] {
    const files = folders
        .split(path.delimiter)
        .filter((folder) => folder !== "" && fs.existsSync(folder))
        .flatMap((folder) => fs.readdirSync(folder).map((file) => path.join(folder, file)))
        .filter((file) => file.endsWith(".crt"));
    return [...rootCertificates, ...files.map((file) => fs.readFileSync(file, "utf8"))];
}
