import { expect } from "chai";
import computeTypes from "../../../../providers/gcp/mapped/services/compute.json";
import otherTypes from "../../../../providers/gcp/resource-types.json";
import type { JsonObject } from "../../../../cloud/json";
import { findMappedType } from "../../../../providers/gcp/mapped/all";

const member = { role: "roles/viewer", member: "user:a@b.c" };
const zone = "us-central1-a";
const region = "us-central1";

function idOf(type: string, inputs: JsonObject): string | undefined {
    return findMappedType(type)?.id({ project: "p", ...inputs });
}

/** Ids as the official provider writes them, by type. */
const ids: Record<string, [inputs: JsonObject, id: string]> = {
    "gcp:artifactregistry/repository:Repository": [
        { location: region, repositoryId: "r" },
        "projects/p/locations/us-central1/repositories/r",
    ],
    "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember": [
        { location: region, repository: "r", ...member },
        "projects/p/locations/us-central1/repositories/r/roles/viewer/user:a@b.c",
    ],
    "gcp:binaryauthorization/policy:Policy": [{}, "projects/p"],
    "gcp:certificatemanager/certificate:Certificate": [{ name: "c" }, "projects/p/locations/global/certificates/c"],
    "gcp:certificatemanager/certificateMap:CertificateMap": [{ name: "m" }, "projects/p/locations/global/certificateMaps/m"],
    "gcp:certificatemanager/certificateMapEntry:CertificateMapEntry": [
        { name: "e", map: "projects/p/locations/global/certificateMaps/m" },
        "projects/p/locations/global/certificateMaps/m/certificateMapEntries/e",
    ],
    "gcp:certificatemanager/dnsAuthorization:DnsAuthorization": [{ name: "d" }, "projects/p/locations/global/dnsAuthorizations/d"],
    "gcp:cloudbuild/trigger:Trigger": [{ location: region, name: "t" }, `projects/p/locations/us-central1/triggers/`],
    "gcp:cloudbuild/workerPool:WorkerPool": [{ location: region, name: "w" }, "projects/p/locations/us-central1/workerPools/w"],
    "gcp:cloudbuildv2/connection:Connection": [{ location: region, name: "c" }, "projects/p/locations/us-central1/connections/c"],
    "gcp:cloudbuildv2/connectionIAMMember:ConnectionIAMMember": [
        { location: region, name: "c", ...member },
        "projects/p/locations/us-central1/connections/c/roles/viewer/user:a@b.c",
    ],
    "gcp:cloudbuildv2/repository:Repository": [
        { location: region, parentConnection: "c", name: "r" },
        "projects/p/locations/us-central1/connections/c/repositories/r",
    ],
    "gcp:compute/address:Address": [{ region, name: "a" }, "projects/p/regions/us-central1/addresses/a"],
    "gcp:compute/firewall:Firewall": [{ name: "f" }, "projects/p/global/firewalls/f"],
    "gcp:compute/globalAddress:GlobalAddress": [{ name: "a" }, "projects/p/global/addresses/a"],
    "gcp:compute/network:Network": [{ name: "n" }, "projects/p/global/networks/n"],
    "gcp:compute/reservation:Reservation": [{ zone, name: "r" }, "projects/p/zones/us-central1-a/reservations/r"],
    "gcp:compute/resourcePolicy:ResourcePolicy": [{ region, name: "r" }, "projects/p/regions/us-central1/resourcePolicies/r"],
    "gcp:compute/router:Router": [{ region, name: "r" }, "projects/p/regions/us-central1/routers/r"],
    "gcp:compute/routerNat:RouterNat": [{ region, router: "r", name: "n" }, "p/us-central1/r/n"],
    "gcp:compute/subnetwork:Subnetwork": [{ region, name: "s" }, "projects/p/regions/us-central1/subnetworks/s"],
    "gcp:container/cluster:Cluster": [{ location: region, name: "c" }, "projects/p/locations/us-central1/clusters/c"],
    "gcp:container/nodePool:NodePool": [
        { location: region, cluster: "c", name: "n" },
        "projects/p/locations/us-central1/clusters/c/nodePools/n",
    ],
    "gcp:dns/managedZone:ManagedZone": [{ name: "z" }, "projects/p/managedZones/z"],
    "gcp:dns/recordSet:RecordSet": [{ managedZone: "z", name: "a.b.", type: "A" }, "projects/p/managedZones/z/rrsets/a.b./A"],
    "gcp:iam/workloadIdentityPool:WorkloadIdentityPool": [
        { workloadIdentityPoolId: "github" },
        "projects/p/locations/global/workloadIdentityPools/github",
    ],
    "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider": [
        { workloadIdentityPoolId: "github", workloadIdentityPoolProviderId: "main" },
        "projects/p/locations/global/workloadIdentityPools/github/providers/main",
    ],
    "gcp:kms/cryptoKey:CryptoKey": [
        { keyRing: "projects/p/locations/us/keyRings/r", name: "k" },
        "projects/p/locations/us/keyRings/r/cryptoKeys/k",
    ],
    "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember": [{ cryptoKeyId: "k", ...member }, "k/roles/viewer/user:a@b.c"],
    "gcp:kms/keyRing:KeyRing": [{ location: "us", name: "r" }, "projects/p/locations/us/keyRings/r"],
    "gcp:projects/iAMCustomRole:IAMCustomRole": [{ roleId: "r" }, "projects/p/roles/r"],
    "gcp:projects/iAMMember:IAMMember": [member, "p/roles/viewer/user:a@b.c"],
    "gcp:projects/service:Service": [{ service: "container.googleapis.com" }, "p/container.googleapis.com"],
    "gcp:projects/serviceIdentity:ServiceIdentity": [
        { service: "artifactregistry.googleapis.com" },
        "projects/p/services/artifactregistry.googleapis.com",
    ],
    "gcp:secretmanager/secret:Secret": [{ secretId: "s" }, "projects/p/secrets/s"],
    "gcp:secretmanager/secretIamMember:SecretIamMember": [{ secretId: "s", ...member }, "projects/p/secrets/s/roles/viewer/user:a@b.c"],
    "gcp:secretmanager/secretVersion:SecretVersion": [{ secret: "projects/p/secrets/s" }, "projects/p/secrets/s/versions/latest"],
    "gcp:serviceaccount/account:Account": [{ accountId: "nodes" }, "projects/p/serviceAccounts/nodes@p.iam.gserviceaccount.com"],
    "gcp:serviceaccount/iAMMember:IAMMember": [
        { serviceAccountId: "projects/p/serviceAccounts/nodes@p.iam.gserviceaccount.com", ...member },
        "projects/p/serviceAccounts/nodes@p.iam.gserviceaccount.com/roles/viewer/user:a@b.c",
    ],
    "gcp:storage/bucket:Bucket": [{ name: "b" }, "b"],
    "gcp:storage/bucketIAMMember:BucketIAMMember": [{ bucket: "b", ...member }, "b/b/roles/viewer/user:a@b.c"],
};

describe("ids", () => {
    it("are known for every type of the catalogue", () => {
        expect(Object.keys(ids).sort()).to.deep.equal(Object.keys({ ...computeTypes, ...otherTypes }).sort());
    });

    for (const [type, [inputs, id]] of Object.entries(ids)) {
        it(`of ${type} are ${id}`, () => {
            expect(idOf(type, inputs)).to.equal(id);
        });
    }

    it("accept bare names, full names and URLs as references", () => {
        const pool = (cluster: string) => idOf("gcp:container/nodePool:NodePool", { location: region, cluster, name: "n" });
        const full = "projects/p/locations/us-central1/clusters/c";
        expect([pool("c"), pool(full), pool(`https://container.googleapis.com/v1/${full}`)]).to.deep.equal(
            Array.from({ length: 3 }, () => `${full}/nodePools/n`),
        );
    });

    it("require the properties that they consist of", () => {
        expect(() => idOf("gcp:compute/router:Router", { name: "r" })).to.throw("Required field 'region' not specified");
    });
});
