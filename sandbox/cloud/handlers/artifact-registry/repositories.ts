import { ApiError } from "../../api/api-error";
import { Operations } from "../common/operations";
import { policiesOf, policyMethods } from "../common/policies";
import { Resources } from "../common/resources";
import { apiService, type ApiService, textOf } from "../../api/service";
import { collectionMethods, locationOf, longRunning } from "../common/collection";
import document from "../../discovery/documents/artifactregistry.v1.json";
import beta from "../../discovery/documents/artifactregistry.v1beta2.json";
import type { JsonObject } from "../../json";
import type { Entry, Ledger } from "../../ledger";
import { checkRegion } from "../../locations";
import { shortName } from "../../resource-name";
import { locationMethods } from "../locations";
import { type Images, imageMethods } from "./images";
import { checkKey, keyProblem } from "./repository-key";
import { checkImmutable, checkRepository, checkRepositoryId } from "./repository-rules";
import { scanningOf } from "./scanning";

/** Ledger type of repositories. */
export const REPOSITORY = "artifactregistry.googleapis.com/Repository";

const METHODS = "artifactregistry.projects.locations.repositories";
const PACKAGE = "type.googleapis.com/google.devtools.artifactregistry.v1";
const METADATA = { "@type": `${PACKAGE}.OperationMetadata` };
/** https://cloud.google.com/artifact-registry/docs/repositories/repo-locations */
const MULTI_REGIONS = ["us", "europe", "asia"];

/**
 * Artifact Registry v1: repositories, their allow policies and the images in them; v1beta2: locations.
 * @param registry host and port of the registry that replaces `<location>-docker.pkg.dev`
 * @param images the images in that registry
 */
export function artifactRegistry(ledger: Ledger, registry: string, images: Images): readonly ApiService[] {
    const repositories = new Resources(ledger, REPOSITORY);
    const operations = new Operations();
    const view = (entry: Entry): JsonObject => viewOf(entry, registry, ledger);
    const finished = longRunning(operations, `${PACKAGE}.Repository`, view, () => METADATA);
    const methods = collectionMethods({
        ...{ document, prefix: METHODS, resources: repositories, schema: "Repository", idParameter: "repositoryId", view },
        checkId: (id, parent) => {
            checkRegion(shortName(parent), MULTI_REGIONS);
            checkRepositoryId(id);
        },
        exists: () => new ApiError("ALREADY_EXISTS", "the repository already exists"),
        check: (name, inputs) => {
            const [location = "", before] = [name.split("/")[3], repositories.find(name)];
            if (before !== undefined) {
                checkImmutable(before.inputs, inputs);
            }
            checkRepository(inputs, location, (upstream) => repositories.find(upstream)?.inputs);
            checkKey(inputs.kmsKeyName, location);
        },
        failed: (name, inputs) => {
            const problem = keyProblem(ledger, inputs.kmsKeyName, name.split("/")[1] ?? "");
            return problem && operations.fail(locationOf(name), METADATA, problem);
        },
        answer: (verb, entry) => (verb === "update" ? view(entry) : finished(verb, entry)),
    });
    const locations = locationMethods("artifactregistry.projects.locations", MULTI_REGIONS);
    const v1 = apiService(document, {
        ...locations,
        ...imageMethods(METHODS, (name) => repositories.get(name), images),
        ...methods,
        "artifactregistry.projects.locations.operations.get": (call) => operations.get(textOf(call, "name")),
        ...policyMethods(METHODS, policiesOf(repositories), ledger),
    });
    return [v1, apiService(beta, locations)];
}

/** A repository as the API returns it. The sandbox does not measure its size. */
function viewOf({ id, inputs, createdAt, updatedAt }: Entry, registry: string, ledger: Ledger): JsonObject {
    const [, project = "", , location = "", , repository = ""] = id.split("/");
    return {
        name: id,
        mode: "STANDARD_REPOSITORY",
        // Empty for movable tags, also in a repository that was created without it: GoogleCloudPlatform/cloud-foundation-fabric#3652.
        ...(inputs.format === "DOCKER" && (inputs.mode ?? "STANDARD_REPOSITORY") === "STANDARD_REPOSITORY" && { dockerConfig: {} }),
        ...inputs,
        createTime: createdAt,
        updateTime: updatedAt,
        vulnerabilityScanningConfig: scanningOf(inputs, project, createdAt, ledger),
        // Google's address behind the sandbox's registry, as in the path of a mirror.
        registryUri: `${registry}/${location}-docker.pkg.dev/${project}/${repository}`,
        satisfiesPzi: true,
    };
}
