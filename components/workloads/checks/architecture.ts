import { acceleratorOf } from "../../../gke/gpu-machines";
import { advise, inOrder, keyOf, set } from "../../config/problem";
import type { Rule } from "../../config/rule";
import { offerOf, workloadsOf } from "./workload-list";

/** Images are built for the processors of the nodes that their pods land on. */
export const imagesForNodes: Rule = (config, report) => {
    const { images } = config;
    if (images?.from !== "build") {
        return;
    }
    const reported = new Set<string>();
    for (const { pool: name, title, at } of workloadsOf(config)) {
        const offer = offerOf(config, name);
        const platform = offer && (`linux/${acceleratorOf(offer.pool.accelerator).architecture}` as const);
        if (offer === undefined || platform === undefined || images.platforms.includes(platform) || reported.has(platform)) {
            continue;
        }
        reported.add(platform);
        const key = (index: number) => keyOf("images", "platforms", index);
        const all = [...images.platforms, platform];
        report(
            keyOf("images", "platforms"),
            `lacks ${platform}, but the ${offer.pool.accelerator} nodes of pool ${name}, where ${title} runs, are of that architecture`,
            platform === "linux/arm64" && images.variant === "gpu"
                ? advise("The gpu variant exists for linux/amd64 only: choose a pool of another accelerator")
                : inOrder(...all.map((each, index) => set(key(index), each))),
            [at(), keyOf("cluster", "pools", offer.index)],
        );
    }
};
