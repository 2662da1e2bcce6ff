import * as fs from "node:fs";
import * as path from "node:path";
import { stringify } from "yaml";
import type { Images } from "../cloud/handlers/artifact-registry/images";
import type { Home } from "../home";
import type { Ports } from "../host/ports";
import type { Processes, Service } from "../host/processes";
import { useCredentialHelper } from "./docker-config";
import { storedImages } from "./stored-images";
import { serveTokens, TOKEN_PATH, type TokenEndpointArgs } from "./token-endpoint";
import { TokenIssuer } from "./token-issuer";

/** Dependencies of the registry. */
export interface RegistryArgs extends Pick<TokenEndpointArgs, "identities" | "access"> {
    readonly home: Home;
    readonly ports: Ports;
    readonly processes: Processes;
}

/** The running registry. */
export interface Registry {
    readonly port: number;
    /** Host and port. */
    readonly host: string;
    readonly images: Images;
}

/** Root directory of the registry's storage. */
const storageOf = (home: Home): string => path.join(home.run, "registry");

/** Starts the registry and its token endpoint, and configures the sandbox's Docker clients to use it. */
export async function startRegistry({ home, ports, processes, identities, access }: RegistryArgs): Promise<Registry> {
    const port = await ports.take("registry");
    const host = `127.0.0.1:${port}`;
    const issuer = new TokenIssuer(host);
    const tokenPort = await ports.take("registry-tokens");
    await serveTokens({ port: tokenPort, issuer, identities, access });
    await processes.start(service(home, port, issuer, `http://127.0.0.1:${tokenPort}${TOKEN_PATH}`));
    useCredentialHelper(home, host);
    return { port, host, images: { of: (repository) => storedImages(storageOf(home), repository) } };
}

/**
 * Returns the OCI registry that replaces Artifact Registry: a single server with image names as paths. Like Artifact Registry, it requires
 * a token.
 */
function service(home: Home, port: number, issuer: TokenIssuer, realm: string): Service {
    const config = path.join(home.run, "registry.yaml");
    const keys = path.join(home.run, "registry-keys.json");
    fs.writeFileSync(keys, JSON.stringify(issuer.keySet));
    fs.writeFileSync(
        config,
        stringify({
            version: "0.1",
            // The registry logs a warning for each request without a token, and every client's first request has none.
            log: { level: "error", accesslog: { disabled: true } },
            storage: {
                filesystem: { rootdirectory: storageOf(home) },
                delete: { enabled: true },
                cache: { blobdescriptor: "inmemory" },
            },
            auth: { token: { realm, service: issuer.service, issuer: issuer.issuer, jwks: keys } },
            http: { addr: `127.0.0.1:${port}` },
        }),
    );
    return {
        name: "registry",
        command: path.join(home.tools, "registry"),
        args: ["serve", config],
        env: { OTEL_TRACES_EXPORTER: "none" },
        ready: async () => (await fetch(`http://127.0.0.1:${port}/v2/`)).status === 401,
        readyWithinMs: 15_000,
    };
}
