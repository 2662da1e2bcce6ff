import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { Described } from "../../../policy/analyze";

/** A violation in the engine's output. */
export interface Reported {
    readonly level: string;
    readonly rule: string;
    /** Name of the resource. */
    readonly resource: string;
}

/** The result of a preview with the pack. */
export interface Judged {
    readonly code: number;
    readonly output: string;
    readonly reported: readonly Reported[];
}

/** A project on the real engine. Its program creates the resources that a test passes to it. */
export class PlantedProject {
    private readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), "planted "));

    /**
     * @param clone folder with the policy pack
     * @param tools folder with the engine and its language host
     */
    constructor(
        private readonly clone: string,
        private readonly tools: string,
    ) {
        const provider = path.join(__dirname, "accepting-provider.ts");
        for (const name of ["gcp", "kubernetes", "docker-build"]) {
            const { version } = JSON.parse(fs.readFileSync(path.join(clone, "node_modules", "@pulumi", name, "package.json"), "utf8")) as {
                version: string;
            };
            const plugin = path.join(this.folder, "home", "plugins", `resource-${name}-v${version}`);
            fs.mkdirSync(plugin, { recursive: true });
            const launcher = `#!/bin/sh\nexec "${process.execPath}" --require "${require.resolve("tsx/cjs")}" "${provider}" ${version}\n`;
            fs.writeFileSync(path.join(plugin, `pulumi-resource-${name}`), launcher, { mode: 0o755 });
        }
        fs.mkdirSync(path.join(this.folder, "state"));
        fs.symlinkSync(path.join(clone, "node_modules"), path.join(this.folder, "node_modules"));
        fs.writeFileSync(path.join(this.folder, "package.json"), "{}");
        fs.writeFileSync(
            path.join(this.folder, "Pulumi.yaml"),
            "name: planted\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n",
        );
        fs.writeFileSync(
            path.join(this.folder, "index.js"),
            `const { CustomResource } = require("@pulumi/pulumi");
            for (const { type, name, props, protect } of require("./resources.json")) new CustomResource(type, name, props, { protect });`,
        );
    }

    /** Previews a stack with these resources and the pack. */
    async judge(stack: string, resources: readonly Described[], levels: Readonly<Record<string, string>>): Promise<Judged> {
        fs.writeFileSync(path.join(this.folder, "resources.json"), JSON.stringify(resources));
        fs.writeFileSync(path.join(this.folder, "levels.json"), JSON.stringify(levels));
        await this.pulumi("stack", "select", "--create", stack);
        const pack = ["--policy-pack", path.join(this.clone, "policy", "launch"), "--policy-pack-config", "levels.json"];
        const { code, output } = await this.pulumi("preview", "--stack", stack, ...pack);
        const lines = [...output.matchAll(/^ +- \[(\w+)\] +(\S+) +\(\S+: (.*)\)$/gm)];
        return { code, output, reported: lines.map(([, level = "", rule = "", resource = ""]) => ({ level, rule, resource })) };
    }

    remove(): void {
        fs.rmSync(this.folder, { recursive: true });
    }

    private async pulumi(...args: readonly string[]): Promise<{ code: number; output: string }> {
        const env = {
            PATH: [this.tools, path.dirname(process.execPath), "/usr/bin", "/bin"].join(path.delimiter),
            HOME: this.folder,
            PULUMI_HOME: path.join(this.folder, "home"),
            PULUMI_BACKEND_URL: `file://${path.join(this.folder, "state")}`,
            PULUMI_CONFIG_PASSPHRASE: "planted",
            PULUMI_SKIP_UPDATE_CHECK: "true",
            PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        };
        const child = spawn("pulumi", [...args, "--non-interactive", "--color", "never"], {
            cwd: this.folder,
            env,
            stdio: ["ignore", "pipe", "pipe"],
        });
        let output = "";
        for (const stream of [child.stdout, child.stderr]) {
            stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
        }
        const [code] = (await once(child, "close")) as [number | null];
        return { code: code ?? 1, output };
    }
}
