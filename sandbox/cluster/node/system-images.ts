import * as fs from "node:fs";
import * as path from "node:path";
import type { Home } from "../../home";
import type { LocalChart } from "../../toolchain/local-charts";
import { ociArchive } from "./oci-image";

/**
 * Locally built images of system workloads. Only nodes without GPUs import them at start, because the pods that use them do not tolerate
 * the GPU taint.
 */
export const systemImages = (home: Home): readonly string[] => {
    const folder = folderOf(home);
    return fs.existsSync(folder) ? fs.readdirSync(folder).map((file) => path.join(folder, file)) : [];
};

/**
 * Writes the archive of a chart's image.
 * @param program path of the image's program
 */
export async function writeSystemImage(home: Home, { toolset, image, version }: LocalChart, program: string): Promise<string> {
    const file = path.join(folderOf(home), `${toolset.name}-${version}.tar`);
    if (!fs.existsSync(file)) {
        fs.mkdirSync(folderOf(home), { recursive: true });
        const content = fs.readFileSync(program);
        const architecture = process.arch === "x64" ? "amd64" : process.arch;
        fs.writeFileSync(`${file}.part`, await ociArchive({ ...image, content, architecture }));
        fs.renameSync(`${file}.part`, file);
    }
    return file;
}

const folderOf = (home: Home): string => path.join(home.run, "system-images");
