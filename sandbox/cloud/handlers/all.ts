import type { ApiService } from "../api/service";
import type { Ledger } from "../ledger";
import { container } from "./container/container";
import { occurrences } from "./container-analysis/occurrences";
import type { Gke } from "./container/gke";
import { NodeQuotas } from "./container/node-quotas";
import { Attestations } from "./binary-authorization/attestations";
import { binaryAuthorization } from "./binary-authorization/policies";
import type { Images } from "./artifact-registry/images";
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

/** What the APIs work on. */
export interface Backends {
    /** The existing resources. Handlers read and write it synchronously, so requests never see partial changes. */
    readonly ledger: Ledger;
    /** Host and port of the registry behind Artifact Registry. */
    readonly registry: string;
    /** The images in that registry. */
    readonly images: Images;
    /** Issues the access tokens of service accounts and of federated principals. */
    readonly identities: Identities;
    /** The clusters, which take time to change. */
    readonly gke: Gke;
    /** Quotas of Compute Engine. */
    readonly quotas: Quotas;
    /** Runs the builds of triggers. */
    readonly builder: Builder;
}

/** Returns all Google APIs that the sandbox serves. `served-methods.ts` lists their methods. */
export function apiServices({ ledger, registry, images, identities, gke, quotas, builder }: Backends): readonly ApiService[] {
    const services = [
        ...artifactRegistry(ledger, registry, images),
        binaryAuthorization(ledger, new Attestations(ledger, builder)),
        buckets(ledger),
        cloudBuild(ledger, builder),
        connections(ledger),
        ...compute(ledger, quotas),
        certificates(ledger),
        ...dns(ledger),
        ...container(gke, new NodeQuotas(gke, quotas)),
        occurrences(ledger),
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
