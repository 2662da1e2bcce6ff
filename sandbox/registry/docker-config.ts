import * as fs from "node:fs";
import * as path from "node:path";
import type { Home } from "../home";

/** Folder of the Docker configuration (DOCKER_CONFIG) that the sandbox's clients use. */
export function dockerConfig(home: Home): string {
    return path.join(home.run, "docker");
}

/** Has Docker's clients authenticate at the registry with docker-credential-gcloud, as `gcloud auth configure-docker <host>` does. */
export function useCredentialHelper(home: Home, host: string): void {
    fs.mkdirSync(dockerConfig(home), { recursive: true });
    fs.writeFileSync(
        path.join(dockerConfig(home), "config.json"),
        `${JSON.stringify({ credHelpers: { [host]: "gcloud" } }, undefined, 4)}\n`,
    );
}
