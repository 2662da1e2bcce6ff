import * as path from "node:path";
import type { Builder } from "../images/engine/builder";
import type { Engine } from "../images/engine/engine";
import { blobs } from "../images/engine/registry-client";

/** Bytes of each entry of the packages' folder, the largest first. */
const DU = `
import json, os
def size(at):
    return os.lstat(at).st_size if not os.path.isdir(at) or os.path.islink(at) else sum(size(os.path.join(at, name)) for name in os.listdir(at))
top = "/opt/packages"
parts = {}
for name in os.listdir(top):
    at = os.path.join(top, name)
    for part in ([os.path.join(name, inner) for inner in os.listdir(at)] if name == "nvidia" else [name]):
        parts[part] = size(os.path.join(top, part))
print(json.dumps(sorted(parts.items(), key=lambda part: -part[1])))
`;

/** Builds the CUDA training image, 2.5 GB of downloads, and lists what is in it. @returns lines of Markdown */
export async function contentsBySize(builder: Builder, engine: Engine, root: string): Promise<readonly string[]> {
    const built = await builder.build({
        name: "bench/training-cuda",
        context: path.join(root, "docker", "training"),
        named: { common: path.join(root, "docker", "common") },
        args: { ENABLE_GPU: "true", SOURCE_DATE_EPOCH: "1700000000" },
    });
    const base = new Set((await blobs(await builder.basePresent())).map(({ digest }) => digest));
    const compressed = (await blobs(built)).filter(({ digest }) => !base.has(digest)).reduce((sum, { size }) => sum + size, 0);
    const container = await engine.start(built.ref, ["--entrypoint", "python3"], ["-c", DU]);
    await container.ended();
    const parts = JSON.parse((await container.logs()).out) as readonly [string, number][];
    const unpacked = parts.reduce((sum, [, size]) => sum + size, 0);
    const large = parts.filter(([, size]) => size >= 50e6);
    return [
        "",
        "## The CUDA training image",
        "",
        `${gb(compressed)} compressed beyond its base; its packages are ${gb(unpacked)} unpacked:`,
        "",
        "| package | unpacked |",
        "| --- | --- |",
        ...large.map(([name, size]) => `| ${name} | ${gb(size)} |`),
        `| the other ${parts.length - large.length} | ${gb(unpacked - large.reduce((sum, [, size]) => sum + size, 0))} |`,
    ];
}

function gb(bytes: number): string {
    return `${(bytes / 1e9).toFixed(2)} GB`;
}
