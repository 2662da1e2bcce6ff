import { ensure } from "../../api/api-error";
import { Operations } from "../common/operations";
import { pageOf } from "../common/pages";
import { policiesOf, policyMethods } from "../common/policies";
import { Resources } from "../common/resources";
import { type ApiService, type Call, textOf } from "../../api/service";
import { applyMask, maskPaths } from "../common/update-mask";
import document from "../../discovery/documents/artifactregistry.v1.json";
import type { Document } from "../../discovery/document";
import type { JsonObject } from "../../json";
import type { Entry, Ledger } from "../../ledger";
import { checkRegion } from "../../locations";
import { shortName } from "../../resource-name";
import { checkKey, keyProblem } from "./repository-key";
import { checkImmutable, checkRepository, checkRepositoryId } from "./repository-rules";
import { scanningOf } from "./scanning";

/** Ledger type of repositories. */
export const REPOSITORY = "artifactregistry.googleapis.com/Repository";

const METHODS = "artifactregistry.projects.locations.repositories";
const PACKAGE = "type.googleapis.com/google.devtools.artifactregistry.v1";
const METADATA = { "@type": `${PACKAGE}.OperationMetadata` };
/** https://cloud.google.com/artifact-registry/docs/reference/rest/v1/projects.locations.repositories/list */
const MOST_OF_A_PAGE = 1000;
/** https://cloud.google.com/artifact-registry/docs/repositories/repo-locations */
const MULTI_REGIONS = ["us", "europe", "asia"];

/**
 * Artifact Registry v1: repositories and their allow policies.
 * @param registry host and port of the registry that replaces `<location>-docker.pkg.dev`
 */
export function artifactRegistry(ledger: Ledger, registry: string): ApiService {
    const repositories = new Resources(ledger, REPOSITORY);
    const operations = new Operations();
    const find = (name: string): JsonObject | undefined => repositories.find(name)?.inputs;
    const view = (entry: Entry): JsonObject => viewOf(entry, registry, ledger);
    const started = (parent: string, response: JsonObject): JsonObject => operations.start(parent, METADATA, response);

    const check = (inputs: JsonObject, name: string): void => {
        const location = name.split("/")[3] ?? "";
        checkRepository(inputs, location, find);
        checkKey(inputs.kmsKeyName, location);
    };

    return {
        document: document as Document,
        handlers: {
            [`${METHODS}.create`]: (call) => {
                const parent = textOf(call, "parent");
                const id = textOf(call, "repositoryId");
                checkRegion(shortName(parent), MULTI_REGIONS);
                checkRepositoryId(id);
                const name = `${parent}/repositories/${id}`;
                const inputs = withoutName(call.body);
                ensure(find(name) === undefined, "the repository already exists", "ALREADY_EXISTS");
                check(inputs, name);
                const problem = keyProblem(ledger, inputs.kmsKeyName, parent.split("/")[1] ?? "");
                if (problem !== undefined) {
                    return operations.fail(parent, METADATA, problem);
                }
                const entry = repositories.create(name, inputs);
                return started(parent, { "@type": `${PACKAGE}.Repository`, ...view(entry) });
            },
            [`${METHODS}.get`]: (call) => view(repositories.get(textOf(call, "name"))),
            [`${METHODS}.list`]: (call) => {
                const entries = repositories.list(`${textOf(call, "parent")}/repositories`);
                return pageOf("repositories", entries.map(view), call.parameters, MOST_OF_A_PAGE);
            },
            [`${METHODS}.patch`]: (call) => view(patched(call, repositories, check)),
            [`${METHODS}.delete`]: (call) => {
                const name = textOf(call, "name");
                repositories.delete(name);
                const parent = name.split("/").slice(0, 4).join("/");
                return started(parent, { "@type": "type.googleapis.com/google.protobuf.Empty" });
            },
            "artifactregistry.projects.locations.operations.get": (call) => operations.get(textOf(call, "name")),
            ...policyMethods(METHODS, policiesOf(repositories), ledger),
        },
    };
}

function patched(call: Call, repositories: Resources, check: (inputs: JsonObject, name: string) => void): Entry {
    const entry = repositories.get(textOf(call, "name"));
    const known = (document as Document).schemas.Repository?.properties ?? {};
    const inputs = applyMask(entry.inputs, withoutName(call.body), maskPaths(call.parameters.updateMask), known);
    checkImmutable(entry.inputs, inputs);
    check(inputs, entry.id);
    return repositories.put(entry, { inputs });
}

/** Drops the name from a body: the path or the `repositoryId` parameter already has it. */
function withoutName({ name: _, ...body }: JsonObject): JsonObject {
    return body;
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
