import { request } from "node:http";

const ACCEPT = [
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/** An image of a repository. */
export interface DockerImage {
    /** With its digest: `inference@sha256:…`. */
    readonly name: string;
    readonly mediaType: string;
}

/**
 * Looks an image of a repository up.
 * @param registryUri address of the repository
 * @param imageName with a digest or a tag
 * @param token of the caller
 * @throws Error as the API answers: 401 without a token, 403 without the permission, 404 where there is no such image
 */
export async function dockerImage(registryUri: string, imageName: string, token: string): Promise<DockerImage> {
    const [, host = "", repository = ""] = /^([^/]+)\/(.+)$/.exec(registryUri) ?? [];
    const [, image = "", tag, digest] = /^([^:@]+)(?::([^@]+))?(?:@(.+))?$/.exec(imageName) ?? [];
    const { status, headers } = await head(`http://${host}/v2/${repository}/${image}/manifests/${digest ?? tag ?? "latest"}`, token);
    const full = `${repository}/${imageName}`;
    if (status === 401) throw new Error("googleapi: Error 401: Request had invalid authentication credentials, unauthorized");
    if (status === 403)
        throw new Error(
            `googleapi: Error 403: Permission 'artifactregistry.dockerimages.get' denied on '${full}' (or it may not exist), forbidden`,
        );
    if (status === 404) throw new Error(`googleapi: Error 404: Requested entity was not found: ${full}, notFound`);
    const found = headers["docker-content-digest"];
    if (status !== 200 || typeof found !== "string")
        throw new Error(`googleapi: Error 500: the registry answers ${String(status)}, backendError`);
    return { name: `${image}@${found}`, mediaType: headers["content-type"] ?? "" };
}

// Not fetch(), which refuses a list of ports that the registry may well have got.
function head(url: string, token: string) {
    return new Promise<{
        status: number | undefined;
        headers: NodeJS.Dict<string | string[]> & { readonly "content-type"?: string | undefined };
    }>((resolve, reject) => {
        request(url, { method: "HEAD", headers: { accept: ACCEPT, authorization: `Bearer ${token}` } }, (response) => {
            response.resume();
            resolve({ status: response.statusCode, headers: response.headers });
        })
            .on("error", reject)
            .end();
    });
}
