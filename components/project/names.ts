import { createHash } from "node:crypto";
import { GENERATED_SUFFIX, GOOGLE_NAMES, KUBERNETES_NAMES, NAME_LIMITS } from "../../gke/names";

const HASH_LENGTH = 6;

/** Enough of a hash to distinguish two names. */
const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, HASH_LENGTH);

/** Lower-case letters, digits and single hyphens, first a letter and last none of the hyphens. */
const slug = (text: string): string =>
    text
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^[^a-z]+|-+$/g, "");

/** The beginning of a name, with a hash of the whole. */
function withHash(name: string, identity: string, longest: number): string {
    return `${slug(name.slice(0, longest - HASH_LENGTH - 1))}-${hashOf(identity)}`;
}

/** The name itself, or its beginning with a hash of the whole if it is too long. */
export const shortened = (name: string, longest: number): string => (name.length <= longest ? name : withHash(name, name, longest));

/** Kinds of accounts with the id `name-stack`, and the names that only this kind can have. Ids of all other kinds end in a hash. */
const OWN_NAMES: Readonly<Partial<Record<string, RegExp>>> = {
    service: /^(?!training$|tensorboard$)(?!.*-(images|nodes)$)/,
    training: /^training$/,
    tensorboard: /^tensorboard$/,
    build: /-images$/,
    nodes: /-nodes$/,
};

/** A stack name for which `name-stack` is unambiguous: no hyphen, and no ending of a derived ID. */
const PLAIN_STACK = /^(?!account$)(?![0-9a-f]{6}$)[a-z0-9]+$/;

/**
 * ID of a service account: `name-stack` if no other account of the project can have that ID, and otherwise its beginning with a hash of kind, name and stack. So
 * `digits-eu` in `dev` and `digits` in `eu-dev`, or the service `training` and the training runs, have separate accounts. 6 to 30 characters.
 * @param kind purpose of the account, such as `service`; another kind is another account
 */
export function accountId(kind: string, name: string, stack: string): string {
    const { least, most } = NAME_LIMITS.serviceAccount;
    if (!PLAIN_STACK.test(stack) || OWN_NAMES[kind]?.test(name) !== true) {
        return withHash(slug(`${name}-${stack}`), JSON.stringify([kind, name, stack]), most);
    }
    const id = `${name}-${stack}`;
    return shortened(id.length < least ? `${id}-account` : id, most);
}

/** Id of the account that runs the builds of a stack's trigger. */
export const buildAccountId = (stack: string): string => accountId("build", "build-images", stack);

/** Logical name of a node pool, from which the provider generates one within GKE's limit. */
export const nodePoolName = (name: string): string => shortened(name, NAME_LIMITS.nodePool - GENERATED_SUFFIX);

/** Logical name of a certificate map entry, from which the provider generates one within Certificate Manager's limit. */
export const mapEntryName = (name: string): string => shortened(name, NAME_LIMITS.certificateMapEntry - GENERATED_SUFFIX);

/** A stack or a Pulumi project as the value of a label of Kubernetes: its name, or a valid beginning with a hash of the whole. */
export const labelValue = (kind: "stack" | "project", name: string): string =>
    KUBERNETES_NAMES.label.test(name) ? name : withHash(`${kind}-${name}`, name, NAME_LIMITS.label);

/** A stack or a Pulumi project as the value of a bucket's label. */
export const bucketLabel = (name: string): string =>
    GOOGLE_NAMES.labelValue.test(name) ? name : withHash(slug(name), name, NAME_LIMITS.label);

/**
 * Name of a pool's compute class, which is unique in the cluster: the name of the pool or, in a cluster that another stack created, the names of pool and stack with a
 * hash. The hash distinguishes it from a pool of that name.
 */
export const computeClassOf = (pool: string, stack: string, existing: boolean): string =>
    existing ? withHash(slug(`${pool}-${stack}`), JSON.stringify([pool, stack]), NAME_LIMITS.dnsLabel) : pool;

/** Name of a reservation within a longer name: its last part, with a hash if that is not the whole name. */
export function reservationSuffix(reservation: string): string {
    const last = slug(reservation.slice(reservation.lastIndexOf("/") + 1));
    return last === reservation ? last : `${last}-${hashOf(reservation)}`;
}
