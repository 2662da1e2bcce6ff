import * as fs from "node:fs";
import * as path from "node:path";
import { command } from "../host/command";
import { findGo } from "./compile/go";
import { cacheEntry, install } from "./install";
import { kept } from "./kept";
import type { LocalChart } from "./local-charts";

/** Local files of a chart and of the programs that it needs. */
export interface ChartFiles {
    /** Path of the Helm binary. */
    readonly helm: string;
    /** The chart's folder. */
    readonly chart: string;
    /** Path of the program in the chart's image. */
    readonly program: string;
}

/**
 * Compiles the programs of a chart if they are not cached, and finds the chart in the source of its Go module.
 * @throws Error if the compilation fails
 */
export async function chartFiles(local: LocalChart, cache: string, progress: (line: string) => void): Promise<ChartFiles> {
    const { toolset, source, version, image } = local;
    await install(toolset, cache, progress);
    const tools = cacheEntry(toolset, cache);
    const chart = path.join(cache, `chart-${toolset.name}-${version}`);
    await kept(chart, async (folder) => {
        const go = await findGo(cache);
        const list = ["list", "-m", "-f", "{{.Dir}}", source.module];
        const env = { ...process.env, GOFLAGS: "", GOWORK: "off", GOTOOLCHAIN: "local" };
        const module = (await command(go, list, { cwd: path.join(__dirname, toolset.name), env })).trim();
        fs.cpSync(path.join(module, source.folder), folder, { recursive: true });
    });
    return { helm: path.join(tools, "helm"), chart, program: path.join(tools, image.program) };
}
