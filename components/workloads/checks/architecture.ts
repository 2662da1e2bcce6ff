import { acceleratorOf } from "../../../gke/gpu-machines";
import { advise, inOrder, keyOf, set } from "../../config/problem";
import type { Rule } from "../../config/rule";
import { poolNodes } from "../placement/pool-nodes";

/** Images are built for the processors of the nodes that their pods land on. */
export const imagesForNodes: Rule<"images" | "cluster" | "workloads"> = ({ images, cluster, workloads }, report) => {
    if (images?.from !== "build") {
        return;
    }
    const nodes = poolNodes(cluster);
    const reported = new Set<string>();
    for (const { pool: name, title, at } of workloads) {
        const node = nodes.get(name);
        if (node === undefined) {
            continue;
        }
        const platform = `linux/${acceleratorOf(node.pool.accelerator).architecture}` as const;
        if (images.platforms.includes(platform) || reported.has(platform)) {
            continue;
        }
        reported.add(platform);
        const key = (index: number) => keyOf("images", "platforms", index);
        const all = [...images.platforms, platform];
        report(
            keyOf("images", "platforms"),
            `lacks ${platform}, but the ${node.pool.accelerator} nodes of pool ${name}, where ${title} runs, are of that architecture`,
            platform === "linux/arm64" && images.variant === "gpu"
                ? advise("The gpu variant exists for linux/amd64 only: choose a pool of another accelerator")
                : inOrder(...all.map((each, index) => set(key(index), each))),
            [at(), keyOf("cluster", "pools", node.index)],
        );
    }
};
