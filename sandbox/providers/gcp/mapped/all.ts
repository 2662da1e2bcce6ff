import { compute } from "./services/compute";
import { routerNat } from "./services/router-nat";
import { cluster } from "./container/cluster";
import { nodePool } from "./container/node-pool";
import type { MappedType } from "./mapped-type";
import { binaryAuthorization } from "./container/binary-authorization";
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
    ...binaryAuthorization,
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

/** Returns how the provider manages a type; undefined if the simulated cloud does not support it. */
export function findMappedType(token: string): MappedType | undefined {
    return mapped[token];
}

/** Returns how the provider manages a type. @throws Error if the simulated cloud does not support it */
export function supportedType(token: string): MappedType {
    const type = findMappedType(token);
    if (type === undefined) {
        throw new Error(unsupported(token));
    }
    return type;
}

/** Words the refusal of a type. */
export function unsupported(token: string): string {
    return `the simulated Google Cloud does not support the type ${token}`;
}
