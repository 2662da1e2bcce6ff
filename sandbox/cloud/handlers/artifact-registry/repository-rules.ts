import { GOOGLE_NAMES } from "../../../../gke/names";
import { ensure, invalid } from "../../api/api-error";
import { checkLabels } from "../common/labels";
import { isJsonObject, type JsonObject, type JsonValue, listAt, objectAt, textAt, textOrEmpty, valueAt } from "../../json";

/** Immutable fields. https://cloud.google.com/artifact-registry/docs/reference/rest/v1/projects.locations.repositories/patch */
const IMMUTABLE = ["format", "mode", "kmsKeyName", "mavenConfig"] as const;

/** @throws ApiError for an invalid repository ID. https://cloud.google.com/artifact-registry/docs/repositories/create-repos */
export function checkRepositoryId(id: string): void {
    ensure(id !== "", "Request contains an invalid argument.");
    ensure(
        GOOGLE_NAMES.repository.test(id),
        `Invalid repository id '${id}': it must have 1 to 63 lowercase letters, numbers and hyphens, begin with a letter, and not end with a hyphen`,
    );
}

/**
 * Checks the configuration of a repository.
 * @param find finds a repository by name
 * @throws ApiError if Artifact Registry would reject it
 */
export function checkRepository(repository: JsonObject, location: string, find: (name: string) => JsonObject | undefined): void {
    ensure(repository.format !== undefined, "Repository format must be specified");
    checkLabels(repository.labels);
    checkMode(repository);
    checkUpstreams(repository, location, find);
    Object.entries(objectAt(repository.cleanupPolicies)).forEach(([id, policy]) => checkCleanupPolicy(id, policy));
    if (repository.dockerConfig !== undefined && repository.format !== "DOCKER") {
        throw invalid(`docker_config is only allowed for repositories of format DOCKER, not ${textOrEmpty(repository.format)}`);
    }
    if (repository.mavenConfig !== undefined && repository.format !== "MAVEN") {
        throw invalid(`maven_config is only allowed for repositories of format MAVEN, not ${textOrEmpty(repository.format)}`);
    }
}

/** @throws ApiError if an update changes an immutable field */
export function checkImmutable(before: JsonObject, after: JsonObject): void {
    for (const field of IMMUTABLE) {
        ensure(JSON.stringify(before[field]) === JSON.stringify(after[field]), `Field '${field}' is immutable`);
    }
}

/** Only remote and virtual repositories have a mode configuration, and only that of their own mode. */
function checkMode({ mode = "STANDARD_REPOSITORY", remoteRepositoryConfig, virtualRepositoryConfig }: JsonObject): void {
    if ((remoteRepositoryConfig !== undefined) !== (mode === "REMOTE_REPOSITORY")) {
        throw invalid("remote_repository_config must be set for repositories of mode REMOTE_REPOSITORY, and only for them");
    }
    ensure(virtualRepositoryConfig !== undefined || mode !== "VIRTUAL_REPOSITORY", "Virtual repository config is not specified");
    if (virtualRepositoryConfig !== undefined && mode !== "VIRTUAL_REPOSITORY") {
        throw invalid("virtual_repository_config is only allowed for repositories of mode VIRTUAL_REPOSITORY");
    }
    if (customAddresses(remoteRepositoryConfig).some((address) => /^(https:\/\/)?[a-z0-9-]+\.pkg\.dev(\/|$)/.test(address))) {
        const problem = "Artifact Registry repositories not supported as custom remote repository URI";
        throw invalid(`Failed to validate remote upstream: generic::invalid_argument: ${problem}`);
    }
}

/** Returns the addresses of a remote repository's upstream that are not among Google's presets. */
function customAddresses(config: JsonValue | undefined): readonly string[] {
    const upstreams = Object.values(objectAt(config)).filter(isJsonObject);
    return upstreams.map((upstream) => textOrEmpty(valueAt(upstream, "customRepository", "uri") ?? upstream.uri));
}

/**
 * Upstream repositories must exist and have the same location and format.
 * https://cloud.google.com/artifact-registry/docs/repositories/virtual-repo
 */
function checkUpstreams(repository: JsonObject, location: string, find: (name: string) => JsonObject | undefined): void {
    for (const policy of listAt(repository, "virtualRepositoryConfig", "upstreamPolicies")) {
        const name = textAt(policy, "repository");
        const upstream = find(name);
        ensure(upstream !== undefined, `Upstream repository '${name}' does not exist`);
        if (name.split("/")[3] !== location || upstream.format !== repository.format) {
            throw invalid(`Upstream repository '${name}' must have the location and the format of the virtual repository`);
        }
    }
}

/** https://cloud.google.com/artifact-registry/docs/repositories/cleanup-policy */
function checkCleanupPolicy(id: string, policy: JsonValue | undefined): void {
    ensure(id.length <= 127, `The id of a cleanup policy must be under 128 characters: '${id}'`);
    const action = valueAt(policy, "action");
    const condition = valueAt(policy, "condition");
    const newest = valueAt(policy, "mostRecentVersions");
    ensure(action !== undefined, `Cleanup policy '${id}' must have an action`);
    if ((condition === undefined) === (newest === undefined)) {
        throw invalid(`Cleanup policy '${id}' must have either a condition or most_recent_versions`);
    }
    ensure(newest === undefined || action === "KEEP", `Cleanup policy '${id}': most_recent_versions is only allowed with the action KEEP`);
}
