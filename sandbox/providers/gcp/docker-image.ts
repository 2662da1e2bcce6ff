import { askRegistry, IMAGE_TYPES } from "../../registry/client";

/** An image in a repository. */
export interface DockerImage {
    /** Name with digest: `inference@sha256:…`. */
    readonly name: string;
    readonly mediaType: string;
}

/**
 * Looks up an image in a repository.
 * @param registryUri address of the repository
 * @param imageName image name with a digest or a tag
 * @param token access token of the caller; empty without credentials
 * @throws Error like the API's: 401 without a valid token, 403 without permission, 404 if the image does not exist
 */
export async function dockerImage(registryUri: string, imageName: string, token: string): Promise<DockerImage> {
    if (token === "") {
        throw new Error("googleapi: Error 401: Request is missing required authentication credential, unauthorized");
    }
    const [, host = "", repository = ""] = /^([^/]+)\/(.+)$/.exec(registryUri) ?? [];
    const [, image = "", tag, digest] = /^([^:@]+)(?::([^@]+))?(?:@(.+))?$/.exec(imageName) ?? [];
    const url = `http://${host}/v2/${repository}/${image}/manifests/${digest ?? tag ?? "latest"}`;
    const { status, headers } = await askRegistry(url, { method: "HEAD", headers: { accept: IMAGE_TYPES } }, token);
    const full = `${repository}/${imageName}`;
    if (status === 401) {
        throw new Error("googleapi: Error 401: Request had invalid authentication credentials, unauthorized");
    }
    if (status === 403) {
        throw new Error(
            `googleapi: Error 403: Permission 'artifactregistry.dockerimages.get' denied on '${full}' (or it may not exist), forbidden`,
        );
    }
    if (status === 404) {
        throw new Error(`googleapi: Error 404: Requested entity was not found: ${full}, notFound`);
    }
    const found = headers.get("docker-content-digest");
    if (status !== 200 || found === null) {
        throw new Error(`googleapi: Error 500: the registry answers ${status}, backendError`);
    }
    return { name: `${image}@${found}`, mediaType: headers.get("content-type") ?? "" };
}
