import type { ApiService } from "../api/service";
import type { Ledger } from "../ledger";
import { artifactRegistry } from "./artifact-registry/repositories";
import { connections } from "./cloud-build/connections";
import type { Builder } from "./cloud-build/builds";
import { cloudBuild } from "./cloud-build/triggers";
import type { Identities } from "../access/identities";
import { compute } from "./compute/compute";
import type { Quotas } from "./compute/quotas";
import { certificates } from "./certificate-manager/certificates";
import { dns } from "./dns/zones";
import { accessTokens } from "./iam/access-tokens";
import { serviceAccounts } from "./iam/service-accounts";
import { keys } from "./kms/keys";
import { projects } from "./resource-manager/projects";
import { serviceUsage } from "./service-usage/services";
import { secrets } from "./secret-manager/secrets";
import { federatedTokens } from "./sts/tokens";
import { buckets } from "./storage/buckets";

/**
 * Returns all Google APIs that the sandbox serves. `served-methods.ts` lists their methods.
 * Resource types of other services are in `../services/`.
 * @param ledger the existing resources; handlers read and write it synchronously, so requests never see partial changes
 * @param registry host and port of the registry behind Artifact Registry
 * @param quotas quotas of Compute Engine
 * @param identities issues the access tokens of service accounts and of federated principals
 * @param builder runs the builds of triggers
 */
export function apiServices(
    ledger: Ledger,
    registry: string,
    identities: Identities,
    quotas: Quotas,
    builder: Builder,
): readonly ApiService[] {
    const services = [
        artifactRegistry(ledger, registry),
        buckets(ledger),
        cloudBuild(ledger, builder),
        connections(ledger),
        ...compute(ledger, quotas),
        certificates(ledger),
        ...dns(ledger),
        keys(ledger),
        projects(ledger),
        secrets(ledger),
        serviceAccounts(ledger),
        accessTokens(ledger, identities),
        federatedTokens(ledger, identities),
    ];
    const documents = services.map(({ document }) => document);
    return [...services, ...serviceUsage(ledger, documents)];
}
