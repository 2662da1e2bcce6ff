import { askRegistry, IMAGE_TYPES } from "../../registry/client";

/** The parts of an image reference. */
export interface ImageReference {
    /** Host and port; `docker.io` if the reference has none. */
    readonly registry: string;
    readonly repository: string;
    /** The digest if the reference has one, else the tag, else `latest`. */
    readonly version: string;
}

/** Parses an image reference such as `host:port/path:tag@sha256:…`. @throws Error if it is invalid */
export function parseImage(name: string): ImageReference {
    const [, path, tag, digest] = /^(.+?)(?::([\w][\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(name) ?? [];
    if (path === undefined || name.includes("@") !== (digest !== undefined) || !/^[\w.\-:/[\]]+$/.test(path)) {
        throw new Error(`"${name}" is not an image: expected <registry>/<path>:<tag> or <registry>/<path>@sha256:<64 hexadecimal digits>`);
    }
    const [first = "", ...rest] = path.split("/");
    const version = digest ?? tag ?? "latest";
    if (rest.length > 0 && (/[.:]/.test(first) || first === "localhost")) {
        return { registry: first, repository: rest.join("/"), version };
    }
    return { registry: "docker.io", repository: rest.length > 0 ? path : `library/${path}`, version };
}

/**
 * Gets the digest of an image from the registry, without credentials, like the official provider without `registryAuth`
 * (https://github.com/pulumi/pulumi-docker/issues/550). Only the sandbox's registry is reachable, on this machine over plain HTTP.
 * @returns `sha256:…`
 * @throws Error if the image does not exist or is not public, or if the registry is another one or does not respond
 */
export async function findDigest(name: string): Promise<string> {
    const { registry, repository, version } = parseImage(name);
    if (!/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(registry)) {
        throw new Error(`cannot look up ${name}: the sandbox reaches its own registry on this machine only, not ${registry}`);
    }
    const url = `http://${registry}/v2/${repository}/manifests/${version}`;
    const answer = await askRegistry(url, { method: "HEAD", headers: { accept: IMAGE_TYPES } }, undefined).catch((error: unknown) => {
        const { message, cause } = error as Error;
        throw new Error(
            `cannot look up ${name}: the registry ${registry} does not answer (${cause instanceof Error ? cause.message : message})`,
        );
    });
    const digest = answer.headers.get("docker-content-digest");
    if (answer.status === 404) {
        throw new Error(`the image ${name} is not in the registry: it was never pushed there, or has been cleaned up`);
    }
    if (answer.status !== 200 || digest === null) {
        throw new Error(`cannot look up ${name}: the registry ${registry} answers ${answer.status}`);
    }
    return digest;
}
