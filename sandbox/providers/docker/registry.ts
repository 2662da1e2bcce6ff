import { request } from "node:http";

const ACCEPTED = [
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/** An image reference in its parts. */
export interface ImageReference {
    /** Host and port; `docker.io` where the reference names none. */
    readonly registry: string;
    readonly repository: string;
    /** The digest where there is one, else the tag, else `latest`. */
    readonly version: string;
}

/** Takes `host:port/path:tag@sha256:…` apart. @throws when it is not a reference */
export function parseImage(name: string): ImageReference {
    const [, path, tag, digest] = /^(.+?)(?::([\w][\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(name) ?? [];
    if (path === undefined || name.includes("@") !== (digest !== undefined) || !/^[\w.\-:/[\]]+$/.test(path))
        throw new Error(`"${name}" is not an image: expected <registry>/<path>:<tag> or <registry>/<path>@sha256:<64 hexadecimal digits>`);
    const [first = "", ...rest] = path.split("/");
    const version = digest ?? tag ?? "latest";
    if (rest.length > 0 && (/[.:]/.test(first) || first === "localhost")) return { registry: first, repository: rest.join("/"), version };
    return { registry: "docker.io", repository: rest.length > 0 ? path : `library/${path}`, version };
}

/**
 * Asks the registry for the digest of an image. The sandbox has a registry on this machine, over plain HTTP, and reaches no other one.
 * @returns `sha256:…`
 * @throws when the image is not there, or the registry is elsewhere or does not answer
 */
export async function findDigest(name: string): Promise<string> {
    const { registry, repository, version } = parseImage(name);
    if (!/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(registry))
        throw new Error(`cannot look up ${name}: the sandbox reaches its own registry on this machine only, not ${registry}`);
    const { status, digest } = await headManifest(`http://${registry}/v2/${repository}/manifests/${version}`).catch((error: unknown) => {
        throw new Error(`cannot look up ${name}: the registry ${registry} does not answer (${(error as Error).message})`);
    });
    if (status === 404) throw new Error(`the image ${name} is not in the registry: it was never pushed there, or has been cleaned up`);
    if (status !== 200 || digest === undefined)
        throw new Error(`cannot look up ${name}: the registry ${registry} answers ${String(status)}`);
    return digest;
}

// Not fetch(), which refuses a list of ports that the registry may well have got.
function headManifest(url: string): Promise<{ status: number | undefined; digest: string | undefined }> {
    return new Promise((resolve, reject) => {
        request(url, { method: "HEAD", headers: { accept: ACCEPTED } }, (response) => {
            response.resume();
            resolve({ status: response.statusCode, digest: response.headers["docker-content-digest"]?.toString() });
        })
            .on("error", reject)
            .end();
    });
}
