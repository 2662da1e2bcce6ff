import * as fc from "fast-check";
import type { RawConfig } from "../../../components/config/handed-over";
import { soundConfigs } from "../sound-configs";

/** Names at their limits, prefixes of other names, and names that the program may also derive. */
const AWKWARD = [
    ...[
        "a",
        "x-images",
        "build-images",
        "training",
        "tensorboard",
        "nodes",
        "ml-nodes",
        "system",
        "system-spot",
        "big",
        "big-spot",
        "big-on-demand",
    ],
    ...["digits", "digits-eu", "digits-dev", "inference", "cluster", "trainer", "metrics", "default-deny", "gke-x", "a-b", "a--b", "run-1"],
    ...["n".repeat(40), `${"n".repeat(39)}m`, `${"n".repeat(30)}-1`, `${"n".repeat(30)}-2`, `${"a-".repeat(19)}ab`, `${"a-".repeat(19)}ac`],
];

const STACKS = ["dev", "eu-dev", "eu", "account", "abcdef", "PR_12", "feature.x", "s".repeat(100), "1", "-x-"];
const HOSTS = [
    "a.example.com",
    "b.example.com",
    `${"h".repeat(63)}.example.com`,
    `${"h".repeat(62)}i.example.com`,
    "a-b.example.com",
    "a.b.example.com",
];

/** A stack with its name. */
export interface NamedStack {
    readonly stack: string;
    readonly raw: RawConfig;
}

type Part = Readonly<Record<string, unknown>>;

/** Sound stacks with awkward names; the checks refuse some of them. */
export const awkwardStacks: fc.Arbitrary<NamedStack> = fc
    .tuple(
        soundConfigs,
        fc.record({
            stack: fc.constantFrom(...STACKS),
            pools: fc.shuffledSubarray(AWKWARD, { minLength: 3, maxLength: 3 }),
            services: fc.shuffledSubarray(AWKWARD, { minLength: 4, maxLength: 4 }),
            workers: fc.shuffledSubarray(AWKWARD, { minLength: 2, maxLength: 2 }),
            namespaces: fc.shuffledSubarray(AWKWARD, { minLength: 3, maxLength: 3 }),
            runId: fc.constantFrom(...AWKWARD),
            hosts: fc.shuffledSubarray(HOSTS, { minLength: 4, maxLength: 4 }),
            cluster: fc.constantFrom(undefined, ...AWKWARD),
        }),
    )
    .map(([raw, { stack, pools, services, workers, namespaces, runId, hosts, cluster: name }]) => {
        const renamed = (pool: unknown): string | undefined => pools[Number(String(pool).replace("pool-", ""))];
        const [cluster, inference, queued, training] = ["cluster", "inference", "workers", "training"].map(
            (section) => raw[`ml-platform:${section}`] as Part,
        );
        const parts = (section: Part | undefined, list: string): readonly Part[] => (section?.[list] ?? []) as readonly Part[];
        const isPublic = (index: number): boolean => index % 2 === 0;
        return {
            stack,
            raw: {
                ...raw,
                "ml-platform:cluster": {
                    ...cluster,
                    ...(name === undefined ? {} : { name }),
                    pools: parts(cluster, "pools").map((pool, index) => ({ ...pool, name: pools[index] })),
                },
                "ml-platform:inference": {
                    namespace: namespaces[0],
                    services: parts(inference, "services").map((service, index) => ({
                        ...service,
                        name: services[index],
                        pool: renamed(service.pool),
                        ...(isPublic(index) ? { public: { host: hosts[index] } } : {}),
                    })),
                },
                "ml-platform:workers": {
                    namespace: namespaces[2],
                    workers: parts(queued, "workers").map((worker, index) => ({
                        ...worker,
                        name: workers[index],
                        pool: renamed(worker.pool),
                    })),
                },
                "ml-platform:training": { ...training, namespace: namespaces[1], runId, pool: renamed(training?.pool) },
            },
        };
    });
