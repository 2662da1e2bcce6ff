import * as fs from "node:fs";
import * as path from "node:path";
import type { Home } from "../home";
import { makeCredentials } from "../identity/credentials";
import { useBuilder } from "../registry/buildkit";
import { installDockerCommand } from "../registry/docker-command";
import { dockerConfig } from "../registry/docker-config";

/**
 * Prepares the sandbox's folder for Pulumi and its plugins: Pulumi home, backend, Docker configuration with the sandbox's builder,
 * launchers next to the language host, and credentials.
 */
export function prepareHome(home: Home): void {
    for (const folder of ["user", "pulumi", "state", "docker", "workspace"]) {
        fs.mkdirSync(path.join(home.root, folder), { recursive: true });
    }
    useBuilder(home, path.join(dockerConfig(home), "buildx"));
    makeCredentials(home);
    installDockerCommand(home);

    const commands = path.join(home.clone, "node_modules", "@pulumi", "pulumi", "cmd");
    program(home, "pulumi-resource-pulumi-nodejs", `exec "${process.execPath}" "${commands}/dynamic-provider" "$@"`);
    program(home, "pulumi-analyzer-policy", `exec "${process.execPath}" "${commands}/run-policy-pack" "$@"`);
}

function program(home: Home, name: string, script: string): void {
    fs.writeFileSync(path.join(home.root, "bin", name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}
