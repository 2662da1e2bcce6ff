import { ensure, invalid } from "../../api/api-error";
import { type ApiService } from "../../api/service";
import document from "../../discovery/documents/cloudbuild.v2.json";
import type { Document } from "../../discovery/document";
import type { JsonObject } from "../../json";
import type { Ledger } from "../../ledger";
import { textOf } from "../../api/service";
import { Operations } from "../common/operations";
import { policiesOf, policyMethods } from "../common/policies";
import { Resources } from "../common/resources";
import { collectionMethods, commonView } from "../common/collection";

/** Ledger type of connections to hosts of repositories. */
export const CONNECTION = "cloudbuild.googleapis.com/Connection";
/** Ledger type of linked repositories. */
export const REPOSITORY = "cloudbuild.googleapis.com/Repository";

const CONNECTIONS = "cloudbuild.projects.locations.connections";
/** https://cloud.google.com/build/docs/api/reference/rest/v2/projects.locations.connections/create */
const ID = /^[\w.~%!$&'()*+,;=@-]{1,63}$/;
const HOSTS = ["githubConfig", "githubEnterpriseConfig", "gitlabConfig", "bitbucketDataCenterConfig", "bitbucketCloudConfig"];

/** Cloud Build v2: connections, their allow policies, and linked repositories. */
export function connections(ledger: Ledger): ApiService {
    const all = new Resources(ledger, CONNECTION);
    const repositories = new Resources(ledger, REPOSITORY);
    const operations = new Operations();
    const common = {
        ...{ document: document as Document, operations, idPattern: ID, typeUrl: "type.googleapis.com/google.devtools.cloudbuild.v2" },
        metadata: (verb: string, target: string): JsonObject => ({
            "@type": "type.googleapis.com/google.devtools.cloudbuild.v2.OperationMetadata",
            ...{ createTime: new Date().toISOString(), target, verb, apiVersion: "v2" },
        }),
    };
    const { [`${CONNECTIONS}.repositories.patch`]: _, ...ofRepositories } = collectionMethods({
        ...{ ...common, prefix: `${CONNECTIONS}.repositories`, resources: repositories, schema: "Repository", view: commonView },
        idParameter: "repositoryId",
        check: (name, { remoteUri }) => {
            all.get(name.slice(0, name.lastIndexOf("/repositories/")));
            ensure(remoteUri !== undefined, "Repository.remote_uri must be set.");
        },
    });

    return {
        document: document as Document,
        handlers: {
            ...collectionMethods({
                ...{ ...common, prefix: CONNECTIONS, resources: all, schema: "Connection", idParameter: "connectionId" },
                // A real connection is PENDING until a user signs in at the host, which is not possible here.
                view: (entry) => ({ ...commonView(entry), installationState: { stage: "COMPLETE" } }),
                check: (name, inputs) => {
                    if (HOSTS.filter((host) => inputs[host] !== undefined).length !== 1) {
                        throw invalid(`Connection '${name}' must have the configuration of one host.`);
                    }
                },
                remove: ({ id }) => {
                    ledger.remove(repositories.list(id));
                },
            }),
            ...ofRepositories,
            "cloudbuild.projects.locations.operations.get": (call) => operations.get(textOf(call, "name")),
            ...policyMethods(CONNECTIONS, policiesOf(all), ledger),
        },
    };
}
