import { type JsonObject, textOrEmpty } from "../../cloud/json";
import { isObject, type Properties, type PropertyValue, secret } from "../property-values";
import { dockerImage } from "./docker-image";
import type { ApiClient } from "./mapped/api-client";
import { supportedType } from "./mapped/all";
import type { ProviderConfig } from "./defaults";

type PackageFunction = (args: Properties, config: ProviderConfig, api: ApiClient) => Properties | Promise<Properties>;

const functions: Readonly<Record<string, PackageFunction>> = {
    "gcp:organizations/getProject:getProject": async (args, config, api) => {
        const projectId = text(args, "projectId", config.project);
        const { name, projectNumber } = await api.call("GET", `cloudresourcemanager.googleapis.com/v1/projects/${projectId}`);
        return {
            ...{ id: `projects/${projectId}`, projectId, name: textOrEmpty(name), number: textOrEmpty(projectNumber) },
            ...{ autoCreateNetwork: false, billingAccount: "", deletionPolicy: "", folderId: "", orgId: "" },
            ...{ labels: {}, effectiveLabels: {}, pulumiLabels: {}, tags: {} },
        };
    },
    "gcp:organizations/getClientConfig:getClientConfig": (_, { project = "", region = "", zone = "" }) => ({
        ...{ id: `projects/${project}/regions/${region}/zones/${zone}`, project, region, zone, defaultLabels: {} },
        accessToken: secret(token()),
    }),
    "gcp:container/getCluster:getCluster": async (args, config, api) => {
        const location = text(args, "location", config.zone ?? config.region);
        const id = `projects/${text(args, "project", config.project)}/locations/${location}/clusters/${text(args, "name")}`;
        const missing = `googleapi: Error 404: Not found: ${id}, notFound`;
        return inLists(await outputsOf("gcp:container/cluster:Cluster", id, api, missing));
    },
    "gcp:storage/getBucket:getBucket": async (args, _config, api) => {
        const name = text(args, "name");
        const missing = `Error when reading or editing Storage Bucket "${name}": googleapi: Error 404: The specified bucket does not exist., notFound`;
        return inLists(await outputsOf("gcp:storage/bucket:Bucket", name, api, missing));
    },
    "gcp:artifactregistry/getRepository:getRepository": async (args, config, api) => {
        const location = text(args, "location", config.region);
        const id = `projects/${text(args, "project", config.project)}/locations/${location}/repositories/${text(args, "repositoryId")}`;
        return inLists(await repositoryOf(api, id));
    },
    "gcp:artifactregistry/getDockerImage:getDockerImage": async (args, config, api) => {
        const [project, location] = [text(args, "project", config.project), text(args, "location")];
        const [repositoryId, imageName] = [text(args, "repositoryId"), text(args, "imageName")];
        const parent = `projects/${project}/locations/${location}/repositories/${repositoryId}`;
        const registryUri = textOrEmpty((await repositoryOf(api, parent)).registryUri);
        const image = await dockerImage(registryUri, imageName, token());
        return {
            ...{
                id: `${parent}/dockerImages/${image.name}`,
                name: `${parent}/dockerImages/${image.name}`,
                selfLink: `${registryUri}/${image.name}`,
            },
            ...{ project, location, repositoryId, imageName, mediaType: image.mediaType },
            ...{ buildTime: "", imageSizeBytes: "", tags: [], updateTime: "", uploadTime: "" },
        };
    },
};

/** Reads all properties of a resource. @param missing message of the error if the resource does not exist */
async function outputsOf(type: string, id: string, api: ApiClient, missing: string): Promise<JsonObject> {
    const found = await supportedType(type).read(api, id, undefined);
    if (found === undefined) {
        throw new Error(missing);
    }
    return { ...found.outputs, id };
}

function repositoryOf(api: ApiClient, id: string): Promise<JsonObject> {
    const missing = `googleapi: Error 404: Requested entity was not found: ${id}, notFound`;
    return outputsOf("gcp:artifactregistry/repository:Repository", id, api, missing);
}

/** Returns the caller's access token, from the same variable as the official provider. */
function token(): string {
    return process.env.GOOGLE_OAUTH_ACCESS_TOKEN ?? "";
}

/** Calls a function of the package. @throws Error if the function is not simulated, or if it looks up a resource that does not exist */
export async function callFunction(token: string, args: Properties, config: ProviderConfig, api: ApiClient): Promise<Properties> {
    const found = functions[token];
    if (found === undefined) {
        throw new Error(`the simulated Google Cloud has no function ${token}; it has ${Object.keys(functions).join(", ")}`);
    }
    return found(args, config, api);
}

function text(args: Properties, name: string, fallback?: string): string {
    const value = args[name] ?? fallback;
    if (typeof value !== "string" || value === "") {
        throw new Error(`the argument "${name}" is required, and the provider's configuration has none`);
    }
    return value;
}

/** Lookup functions return objects, at each level, as lists with one element, under the plural name: `masterAuth` → `masterAuths: [{…}]`. */
function inLists(outputs: Properties): Properties {
    const fields: Record<string, PropertyValue | undefined> = {};
    for (const [name, value] of Object.entries(outputs)) {
        if (isBlock(name, value)) {
            fields[plural(name)] = [inLists(value)];
        } else {
            fields[name] = value;
        }
    }
    return fields;
}

function isBlock(name: string, value: PropertyValue | undefined): value is Properties {
    return isObject(value) && !/[lL]abels$|[aA]nnotations$|^cleanupPolicies$/.test(name);
}

function plural(name: string): string {
    return name.endsWith("y") ? `${name.slice(0, -1)}ies` : `${name}s`;
}
