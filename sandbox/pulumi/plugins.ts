import { build } from "esbuild";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Home } from "../home";
import { download } from "../toolchain/download/download";
import { cachedProgram } from "../toolchain/link";

/** Providers of the sandbox: plugin name → SDK package. The plugin has the package's version. */
const SIMULATED = { gcp: "@pulumi/gcp", kubernetes: "@pulumi/kubernetes", docker: "@pulumi/docker" } as const;

/**
 * Installs the provider plugins in the engine's plugin folder. The variables SANDBOX_GCP_PLUGIN and SANDBOX_KUBERNETES_PLUGIN name
 * executables to use instead of the sandbox's providers. The Kubernetes plugin is the official one if it can be downloaded. The sandbox's
 * providers are bundled, because every preview waits for them to start.
 * @throws Error if a variable does not name an executable
 */
export async function installPlugins(home: Home): Promise<void> {
    const bundles = path.join(home.root, "providers");
    const given = { gcp: givenPlugin("SANDBOX_GCP_PLUGIN"), kubernetes: givenPlugin("SANDBOX_KUBERNETES_PLUGIN"), docker: undefined };
    link(home, "docker-build", sdkVersion(home, "@pulumi/docker-build"), cachedProgram(home, "pulumi-resource-docker-build"));
    await build({
        entryPoints: Object.fromEntries(
            Object.keys(SIMULATED).map((name) => [name, path.join(__dirname, "..", "providers", name, "main.ts")]),
        ),
        outdir: bundles,
        outExtension: { ".js": ".cjs" },
        bundle: true,
        platform: "node",
        target: "node20",
        format: "cjs",
        logLevel: "silent",
    });
    for (const [name, sdk] of Object.entries(SIMULATED)) {
        const version = sdkVersion(home, sdk);
        const plugin = given[name as keyof typeof SIMULATED];
        if (plugin !== undefined) {
            link(home, name, version, plugin);
        } else if (name !== "kubernetes" || !(await official(home, name, version))) {
            const at = path.join(pluginFolder(home, name, version), `pulumi-resource-${name}`);
            fs.rmSync(at, { force: true });
            const launcher = `#!/bin/sh\nexec "${process.execPath}" "${path.join(home.run, "providers", `${name}.cjs`)}" "$@"\n`;
            fs.writeFileSync(at, launcher, { mode: 0o755 });
        }
    }
    fs.rmSync(gcpPluginMarker(home), { force: true });
    if (given.gcp !== undefined) {
        fs.writeFileSync(gcpPluginMarker(home), "");
    }
}

/** Whether the last `npm start` was given the Google Cloud plugin with SANDBOX_GCP_PLUGIN. */
export function usesGivenGcpPlugin(home: Home): boolean {
    return fs.existsSync(gcpPluginMarker(home));
}

function gcpPluginMarker(home: Home): string {
    return path.join(home.root, "pulumi", "given-gcp-plugin");
}

/**
 * Returns the executable in an environment variable; undefined if the variable is not set.
 * @throws Error if it is not an executable
 */
function givenPlugin(variable: string): string | undefined {
    const given = process.env[variable];
    if (given === undefined || given === "") {
        return undefined;
    }
    const file = path.resolve(given);
    try {
        fs.accessSync(file, fs.constants.X_OK);
    } catch {
        throw new Error(`${variable} must be the path of an executable plugin, not "${given}"`);
    }
    return file;
}

async function official(home: Home, name: string, version: string): Promise<boolean> {
    const folder = pluginFolder(home, name, version);
    const program = `pulumi-resource-${name}`;
    const marker = path.join(folder, "official");
    if (fs.existsSync(marker)) {
        return true;
    }
    const arch = process.arch === "arm64" ? "arm64" : "amd64";
    const url = `https://get.pulumi.com/releases/plugins/${program}-v${version}-linux-${arch}.tar.gz`;
    if (!(await download([{ url, members: { [program]: program } }], folder))) {
        return false;
    }
    fs.writeFileSync(marker, "");
    return true;
}

function link(home: Home, name: string, version: string, program: string): void {
    const at = path.join(pluginFolder(home, name, version), `pulumi-resource-${name}`);
    fs.rmSync(at, { force: true });
    fs.symlinkSync(program, at);
}

function pluginFolder(home: Home, name: string, version: string): string {
    const folder = path.join(home.root, "pulumi", "plugins", `resource-${name}-v${version}`);
    fs.mkdirSync(folder, { recursive: true });
    return folder;
}

/** Returns the exact version of an SDK in package.json. */
function sdkVersion(home: Home, sdk: string): string {
    const { dependencies } = JSON.parse(fs.readFileSync(path.join(home.clone, "package.json"), "utf8")) as {
        dependencies: Record<string, string>;
    };
    const version = dependencies[sdk];
    if (version === undefined) {
        throw new Error(`package.json does not depend on ${sdk}`);
    }
    return version;
}
