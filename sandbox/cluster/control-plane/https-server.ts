import { once } from "node:events";
import * as fs from "node:fs";
import type { RequestListener } from "node:http";
import * as https from "node:https";
import type { AddressInfo } from "node:net";
import type { CertificateAuthority } from "./certificates";

/** A server that the API server of a cluster calls. */
export interface ClusterServer {
    readonly port: number;
    /** Certificate of the authority, in base64, for the `caBundle` of an object. */
    readonly caBundle: string;
    /** Closes the server and its connections. */
    close(): void;
}

/**
 * Serves HTTPS on a free port of 127.0.0.1, with a certificate of a cluster's authority.
 * @param name common name of the certificate
 * @param host name or address that the API server uses
 */
export async function serveCluster(
    authority: CertificateAuthority,
    { name, host }: { readonly name: string; readonly host: string },
    listener: RequestListener,
): Promise<ClusterServer> {
    const pair = await authority.issue(name, { commonName: name, hosts: [host] });
    const server = https.createServer({ cert: fs.readFileSync(pair.certificate), key: fs.readFileSync(pair.key) }, listener);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return {
        port: (server.address() as AddressInfo).port,
        caBundle: fs.readFileSync(authority.file).toString("base64"),
        close: () => {
            server.closeAllConnections();
            server.close();
        },
    };
}
