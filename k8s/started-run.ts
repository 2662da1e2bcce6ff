/** Differences between a started run and the stack file. */

type Json = Readonly<Record<string, unknown>>;

/** Derived variables by their field in the stack file. */
const VARIABLES: Readonly<Record<string, string>> = {
    CHECKPOINT_DIR: "checkpoints",
    DATA_DIR: "data",
    DEADLINE_SECONDS: "activeDeadlineSeconds",
    DEVICE: "device",
    TRACKERS: "tensorboard",
};

/** Fields of the pod specification by their field in the stack file. */
const POD_FIELDS: Readonly<Record<string, string>> = {
    nodeSelector: "pool",
    subdomain: "nodes",
    terminationGracePeriodSeconds: "graceSeconds",
    tolerations: "pool",
};

/** Fields of the container by their field in the stack file. */
const CONTAINER_FIELDS: Readonly<Record<string, string>> = { args: "args", command: "command", envFrom: "secrets", image: "image" };

/** Volumes by their field in the stack file, if it has another name. */
const VOLUMES: Readonly<Record<string, string>> = { shm: "sharedMemory", tmp: "ephemeralStorage" };

/** Resources by their field in the stack file. */
const RESOURCES: Readonly<Record<string, string>> = { "ephemeral-storage": "ephemeralStorage", "nvidia.com/gpu": "gpus" };

/** Fields of a Job that the cluster or an admission queue changes. */
const OTHERS = new Set(["suspend"]);

/**
 * Names in the stack file of the fields in which an existing run differs from the run that the stack would start. Ignores fields that the cluster
 * adds.
 * @param started specification of the Job in the cluster
 * @param wanted specification that the stack would start
 */
export function keptFields(started: object, wanted: object): string[] {
    const [before, after] = [started as Json, wanted as Json];
    const fields = [...jobFields(before, after), ...podFields(podOf(before), podOf(after))];
    return [...new Set(fields)].sort();
}

function jobFields(started: Json, wanted: Json): string[] {
    const nodes = new Set(["completions", "completionMode", "parallelism"]);
    const own = Object.keys(wanted).filter((name) => name !== "template" && !OTHERS.has(name) && !holds(started[name], wanted[name]));
    const removed = ["ttlSecondsAfterFinished"].filter((name) => name in started && wanted[name] === undefined);
    return [...own, ...removed].map((name) => (nodes.has(name) ? "nodes" : name));
}

function podFields(started: Json, wanted: Json): string[] {
    const handled = new Set(["containers", "serviceAccountName", "volumes"]);
    const own = Object.keys(wanted).filter((name) => !handled.has(name) && !holds(started[name], wanted[name]));
    return [
        ...own.map((name) => POD_FIELDS[name] ?? name),
        ...volumes(started, wanted),
        ...containerFields(containerOf(started), containerOf(wanted)),
    ];
}

function containerFields(started: Json, wanted: Json): string[] {
    const names = new Set([...Object.keys(wanted), ...Object.keys(CONTAINER_FIELDS).filter((name) => name in started)]);
    const handled = new Set(["env", "resources", "volumeMounts"]);
    const own = [...names].filter((name) => !handled.has(name) && !holds(started[name], wanted[name]));
    return [
        ...own.map((name) => CONTAINER_FIELDS[name] ?? name),
        ...variables(started.env, wanted.env),
        ...resources(started.resources, wanted.resources),
    ];
}

function volumes(started: Json, wanted: Json): string[] {
    const [before, after] = [byName(started.volumes), byName(wanted.volumes)];
    return [...new Set([...before.keys(), ...after.keys()])]
        .filter((name) => !holds(before.get(name), after.get(name), sameQuantity))
        .map((name) => VOLUMES[name] ?? (/^volume-\d+$/.test(name) ? "volumes" : name));
}

function variables(started: unknown, wanted: unknown): string[] {
    const [before, after] = [byName(started), byName(wanted)];
    // The resources of the container show differences in GPUs, and earlier versions set no other variables of torchrun for runs on one node.
    const several = [...before.keys(), ...after.keys()].includes("WORLD_SIZE");
    // The API server omits an empty value.
    const isSame = (name: string) =>
        (name.startsWith("PET_") && (name === "PET_NPROC_PER_NODE" || !several)) ||
        (before.has(name) === after.has(name) &&
            (before.get(name)?.value ?? "") === (after.get(name)?.value ?? "") &&
            secretOf(before.get(name)) === secretOf(after.get(name)));
    const fieldOf = (name: string): string =>
        (secretOf(before.get(name)) ?? secretOf(after.get(name))) === undefined ? `variables.${name}` : "secrets";
    const differing = [...new Set([...before.keys(), ...after.keys()])].filter((name) => !isSame(name));
    return differing.map((name) => VARIABLES[name] ?? (/^(MASTER_|PET_|RANK$|WORLD_SIZE$)/.test(name) ? "nodes" : fieldOf(name)));
}

/** Name of the Kubernetes Secret that a variable comes from; it changes with the versions in Secret Manager. */
const secretOf = (variable: Json | undefined): string | undefined =>
    (variable?.valueFrom as { readonly secretKeyRef?: { readonly name: string } } | undefined)?.secretKeyRef?.name;

function resources(started: unknown, wanted: unknown): string[] {
    const [before, after] = [(started ?? {}) as Json, (wanted ?? {}) as Json];
    return ["requests", "limits"].flatMap((kind) => {
        const [old, now] = [(before[kind] ?? {}) as Json, (after[kind] ?? {}) as Json];
        return Object.keys(now)
            .filter((name) => !sameQuantity(old[name], now[name]))
            .map((name) => RESOURCES[name] ?? name);
    });
}

/** Whether the live value contains the wanted one. Lists must be equal in length, and objects may have more fields. */
function holds(live: unknown, wanted: unknown, same: (live: unknown, wanted: unknown) => boolean = Object.is): boolean {
    if (live === undefined && isLeftOut(wanted)) {
        return true;
    }
    if (Array.isArray(wanted)) {
        return Array.isArray(live) && live.length === wanted.length && wanted.every((item, index) => holds(live[index], item, same));
    }
    if (typeof wanted === "object" && wanted !== null) {
        const held = (live ?? {}) as Json;
        return Object.entries(wanted).every(([name, value]) => value === undefined || holds(held[name], value, same));
    }
    return same(live, wanted);
}

/** Whether the API server omits a field that has this value. */
const isLeftOut = (wanted: unknown): boolean => wanted === undefined || wanted === false || (Array.isArray(wanted) && wanted.length === 0);

/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
const UNITS: Readonly<Record<string, number>> = {
    ...{ m: 1e-3, "": 1, M: 1e6, G: 1e9, T: 1e12 },
    ...{ Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 },
};

/** Whether two quantities are the same number: the API server may write one in another unit. */
function sameQuantity(live: unknown, wanted: unknown): boolean {
    return quantity(live) === quantity(wanted);
}

function quantity(value: unknown): unknown {
    const match = typeof value === "string" ? /^(\d+(?:\.\d+)?)(m|M|G|T|Ki|Mi|Gi|Ti|)$/.exec(value) : null;
    return match === null ? value : Math.round(Number(match[1]) * (UNITS[match[2] ?? ""] ?? 1) * 1000);
}

function byName(items: unknown): Map<string, Json> {
    return new Map(((items ?? []) as Json[]).map((item) => [item.name as string, item]));
}

function podOf(job: Json): Json {
    return ((job.template as Json | undefined)?.spec ?? {}) as Json;
}

function containerOf(pod: Json): Json {
    return (pod.containers as Json[] | undefined)?.[0] ?? {};
}
