import type { Builder, Built } from "../images/engine/builder";
import { blobs } from "../images/engine/registry-client";
import type { Arm } from "./images-arms";

export const SCENARIOS = [
    "clean, with the base present",
    "nothing changed",
    "one source line changed",
    "one dependency changed",
    "fresh builder, with the registry's cache",
] as const;
export type Scenario = (typeof SCENARIOS)[number];

/** One build. */
export interface Measured {
    readonly seconds: number;
    /** Bytes that the registry did not have from the build before: layers, configuration, manifest. */
    readonly pushed: number;
}

/** All scenarios of one arm, one after the other, each with its push. */
export async function scenarios(
    builder: Builder,
    arm: Arm,
    repeat: number,
): Promise<{ measured: ReadonlyMap<Scenario, Measured>; image: Built }> {
    const name = `bench/${arm.name}-${repeat}`;
    const measured = new Map<Scenario, Measured>();
    const known = new Set((await blobs(await builder.basePresent())).map(({ digest }) => digest));
    const measure = async (scenario: Scenario, options: { cacheFrom?: string; name?: string } = {}): Promise<Built> => {
        const started = performance.now();
        const built = await builder.build({ name, ...arm.build, ...options });
        const seconds = (performance.now() - started) / 1000;
        const all = await blobs(built);
        const pushed = all.filter(({ digest }) => !known.has(digest)).reduce((sum, { size }) => sum + size, 0);
        for (const { digest } of all) {
            known.add(digest);
        }
        measured.set(scenario, { seconds, pushed });
        return built;
    };

    await builder.forget();
    await builder.basePresent();
    const image = await measure("clean, with the base present");
    await measure("nothing changed");
    arm.changeSource();
    await measure("one source line changed");
    arm.changeDependency();
    await measure("one dependency changed");

    const cache = `bench/cache-${arm.name}-${repeat}`;
    if (arm.hasCache) {
        await builder.build({ name, ...arm.build, cacheTo: cache });
    }
    await builder.forget();
    await measure("fresh builder, with the registry's cache", { name: `${name}-fresh`, ...(arm.hasCache ? { cacheFrom: cache } : {}) });
    return { measured, image };
}
