import { Draft } from "../../../cloud/draft";
import type { JsonObject } from "../../../cloud/json";
import type { Entry } from "../../../cloud/ledger";
import { findBehaviour } from "../../../cloud/services/all";
import { compute } from "./services/compute";
import { routerNat } from "./services/router-nat";
import { cluster } from "./container/cluster";
import { nodePool } from "./container/node-pool";
import type { MappedType } from "./mapped-type";
import { artifactRegistry } from "./services/artifact-registry";
import { certificateManager } from "./services/web/certificate-manager";
import { cloudBuild } from "./services/cloud-build";
import { dns } from "./services/web/dns";
import { iam } from "./services/iam";
import { kms } from "./services/kms";
import { secretManager } from "./services/secret-manager";
import { serviceAccount } from "./services/service-account";
import { serviceUsage } from "./services/service-usage";
import { storage } from "./services/storage";

const mapped: Readonly<Record<string, MappedType>> = {
    ...artifactRegistry,
    ...certificateManager,
    ...cloudBuild,
    ...cluster,
    ...compute,
    ...dns,
    ...iam,
    ...kms,
    ...nodePool,
    ...routerNat,
    ...secretManager,
    ...serviceAccount,
    ...serviceUsage,
    ...storage,
};

/**
 * Returns how the provider manages a type through Google's API; undefined if the simulated cloud has an API with Pulumi's properties for
 * it.
 */
export function findMappedType(token: string): MappedType | undefined {
    return mapped[token];
}

/** What the provider knows about a type without a request to the cloud. */
export type Facts = Pick<MappedType, "id" | "name" | "regional" | "zonal" | "foretold" | "filledIn"> &
    Partial<Pick<MappedType, "optionalComputed" | "defaults" | "ignoresCase" | "replaces">>;

/** Returns the facts about a type; undefined if the type is not simulated. */
export function findFacts(token: string): Facts | undefined {
    return mapped[token] ?? findBehaviour(token);
}

/** Returns the ID of the resource with these inputs, if it is in the ledger. */
export function existingIdOf(type: MappedType, token: string, inputs: JsonObject, ledger: readonly Entry[]): string | undefined {
    return type.findIn(ledger, new Draft(token, inputs, ""));
}

/** Upgrades ledger entries from an earlier version of the sandbox: resources of mapped types become resources of Google's API. */
export function upgradeEntries(entries: readonly Entry[]): readonly Entry[] {
    return entries.reduce<readonly Entry[]>((ledger, entry) => mapped[entry.type]?.upgrade(ledger, entry) ?? [...ledger, entry], []);
}
