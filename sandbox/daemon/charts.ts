import { writeSystemImage } from "../cluster/node/system-images";
import type { SandboxClusters } from "../cluster/clusters";
import type { Home } from "../home";
import { chartFiles } from "../toolchain/chart-files";
import { localChart } from "../toolchain/local-charts";

/** Local paths of a chart and of Helm. */
export interface PreparedChart {
    /** Path of the Helm binary. */
    readonly helm: string;
    /** The chart's folder. */
    readonly chart: string;
}

/**
 * Builds a chart and its image if they do not exist, and imports the image into all nodes.
 * @param query `chart` and `version`
 * @throws Error if the sandbox does not build this chart, or the build fails
 */
export async function prepareChart(
    query: URLSearchParams,
    home: Home,
    clusters: Pick<SandboxClusters, "addImage">,
): Promise<PreparedChart> {
    const local = localChart(query.get("chart"), query.get("version"));
    if (local === undefined) {
        throw new Error(`The sandbox has no chart ${query.get("chart") ?? ""} ${query.get("version") ?? ""}`);
    }
    const { helm, chart, program } = await chartFiles(local, home.cache, log);
    await clusters.addImage(await writeSystemImage(home, local, program));
    return { helm, chart };
}

const log = (line: string): void => {
    process.stderr.write(`${line}\n`);
};
