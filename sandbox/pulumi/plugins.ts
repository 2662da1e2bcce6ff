import { build } from "esbuild";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Home } from "../home";
import { download } from "../toolchain/download/download";
import { cachedProgram } from "../toolchain/link";

/** Providers of the sandbox: plugin name → SDK package. The plugin has the package's version. */
const SIMULATED = { gcp: "@pulumi/gcp", kubernetes: "@pulumi/kubernetes", docker: "@pulumi/docker" } as const;

/** Source of a plugin. */
export type PluginOrigin = "official" | "sandbox";

/**
 * Installs the provider plugins in the engine's plugin folder. The Kubernetes plugin is the official one if it can be downloaded. The
 * sandbox's providers are bundled, because every preview waits for them to start.
 */
export async function installPlugins(home: Home): Promise<Readonly<Record<string, PluginOrigin>>> {
    const bundles = path.join(home.root, "providers");
    const origins: Record<string, PluginOrigin> = { "docker-build": "official" };
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
        if (name === "kubernetes" && (await official(home, name, version))) {
            origins[name] = "official";
            continue;
        }
        const folder = pluginFolder(home, name, version);
        const launcher = `#!/bin/sh\nexec "${process.execPath}" "${path.join(home.run, "providers", `${name}.cjs`)}" "$@"\n`;
        fs.writeFileSync(path.join(folder, `pulumi-resource-${name}`), launcher, { mode: 0o755 });
        origins[name] = "sandbox";
    }
    return origins;
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
