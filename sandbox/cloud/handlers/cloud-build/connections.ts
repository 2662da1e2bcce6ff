import { ensure } from "../../api/api-error";
import document from "../../discovery/documents/cloudbuild.v2.json";
import { apiService, type ApiService, textOf } from "../../api/service";
import type { JsonObject } from "../../json";
import type { Entry, Ledger } from "../../ledger";
import { parentOf } from "../../resource-name";
import { Operations } from "../common/operations";
import { policiesOf, policyMethods } from "../common/policies";
import { Resources } from "../common/resources";
import { collectionMethods, commonView, longRunning, regionalId } from "../common/collection";

/** Ledger type of connections to hosts of repositories. */
export const CONNECTION = "cloudbuild.googleapis.com/Connection";
/** Ledger type of linked repositories. */
export const REPOSITORY = "cloudbuild.googleapis.com/Repository";

const CONNECTIONS = "cloudbuild.projects.locations.connections";
/** https://cloud.google.com/build/docs/api/reference/rest/v2/projects.locations.connections/create */
const ID = /^[\w.~%!$&'()*+,;=@-]{1,63}$/;
const TYPE_URL = "type.googleapis.com/google.devtools.cloudbuild.v2";
const HOSTS = ["githubConfig", "githubEnterpriseConfig", "gitlabConfig", "bitbucketDataCenterConfig", "bitbucketCloudConfig"];

/** Cloud Build v2: connections, their allow policies, and linked repositories. */
export function connections(ledger: Ledger): ApiService {
    const all = new Resources(ledger, CONNECTION);
    const repositories = new Resources(ledger, REPOSITORY);
    const operations = new Operations();
    const metadata = (verb: string, target: string): JsonObject => ({
        "@type": `${TYPE_URL}.OperationMetadata`,
        ...{ createTime: new Date().toISOString(), target, verb, apiVersion: "v2" },
    });
    const of = (schema: string, idParameter: string, view: (entry: Entry) => JsonObject) => ({
        ...{ document, schema, view, ...regionalId(idParameter, ID) },
        answer: longRunning(operations, `${TYPE_URL}.${schema}`, view, metadata),
    });
    return apiService(document, {
        ...collectionMethods({
            // A real connection is PENDING until a user signs in at the host, which is not possible here.
            ...of("Connection", "connectionId", (entry) => ({ ...commonView(entry), installationState: { stage: "COMPLETE" } })),
            ...{ prefix: CONNECTIONS, resources: all },
            check: (name, inputs) => {
                const hosts = HOSTS.filter((host) => inputs[host] !== undefined);
                ensure(hosts.length === 1, `Connection '${name}' must have the configuration of one host.`);
            },
            remove: ({ id }) => ledger.remove(repositories.list(id)),
        }),
        ...collectionMethods({
            ...of("Repository", "repositoryId", commonView),
            ...{ prefix: `${CONNECTIONS}.repositories`, resources: repositories },
            check: (name, { remoteUri }) => {
                all.get(parentOf(parentOf(name)));
                ensure(remoteUri !== undefined, "Repository.remote_uri must be set.");
            },
        }),
        "cloudbuild.projects.locations.operations.get": (call) => operations.get(textOf(call, "name")),
        ...policyMethods(CONNECTIONS, policiesOf(all), ledger),
    });
}
