import * as fs from "node:fs";
import * as path from "node:path";
import type { Home } from "../home";

/** Docker configuration folder (DOCKER_CONFIG) of the sandbox's clients. */
export function dockerConfig(home: Home): string {
    return path.join(home.run, "docker");
}

/** Configures Docker clients to authenticate to the registry through docker-credential-gcloud, as `gcloud auth configure-docker <host>` does. */
export function useCredentialHelper(home: Home, host: string): void {
    fs.mkdirSync(dockerConfig(home), { recursive: true });
    fs.writeFileSync(
        path.join(dockerConfig(home), "config.json"),
        `${JSON.stringify({ credHelpers: { [host]: "gcloud" } }, undefined, 4)}\n`,
    );
}
