import { isDeepStrictEqual } from "node:util";
import { acceleratorOf } from "../../../gke/gpu-machines";
import { advise, inOrder, keyOf, set } from "../../config/problem";
import type { Rule } from "../../config/rule";
import { poolNodes } from "../placement/pool-nodes";

/** Images are built for the CPU architecture of the nodes that their pods run on. */
export const imagesForNodes: Rule<"images" | "cluster" | "workloads"> = ({ images, cluster, workloads }, report) => {
    if (images === undefined || images.from === "release") {
        return;
    }
    const nodes = poolNodes(cluster);
    const reported = new Set<string>();
    for (const { pool: name, title, at, image: imageName } of workloads) {
        const node = nodes.get(name);
        const image = images.named.find((candidate) => candidate.name === imageName);
        if (node === undefined || image === undefined) {
            continue;
        }
        const platform = `linux/${acceleratorOf(node.pool.accelerator).architecture}` as const;
        const isOfAll = isDeepStrictEqual(image.platforms, images.platforms);
        const path = isOfAll ? ["platforms"] : [image.name, "platforms"];
        const key = keyOf("images", ...path);
        if (image.platforms.includes(platform) || reported.has(key + platform)) {
            continue;
        }
        reported.add(key + platform);
        const all = [...image.platforms, platform];
        report(
            key,
            `does not contain ${platform}, but the ${node.pool.accelerator} nodes of pool ${name}, where ${title} runs, have that architecture`,
            platform === "linux/arm64" && image.variant === "gpu"
                ? advise("The gpu variant exists for linux/amd64 only: choose a pool of another accelerator")
                : inOrder(...all.map((each, index) => set(keyOf("images", ...path, index), each))),
            [at(), keyOf("cluster", "pools", node.index)],
        );
    }
};
