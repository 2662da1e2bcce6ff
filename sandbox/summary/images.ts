import { askRegistry, IMAGE_TYPES } from "../registry/client";

/** An image in the registry. */
export interface ServedImage {
    readonly digest: string;
    /** Compressed size of all layers of all platforms, in bytes. */
    readonly bytes: number;
}

interface Manifest {
    readonly manifests?: readonly { readonly digest: string; readonly annotations?: Readonly<Record<string, string>> }[];
    readonly layers?: readonly { readonly size: number }[];
}

/**
 * Looks up an image in the sandbox's registry.
 * @param reference `host:port/repository@sha256:…`, or with a tag
 * @param accessToken the sandbox's access token
 * @throws Error if the registry does not have the image
 */
export async function servedImage(reference: string, accessToken: string): Promise<ServedImage> {
    const [, host = "", repository = "", tag, digest] = /^([^/]+)\/([^@]+?)(?::([^/@]+))?(?:@(.+))?$/.exec(reference) ?? [];
    const base = `http://${host}/v2/${repository}/manifests`;
    const response = await get(`${base}/${digest ?? tag ?? "latest"}`, accessToken);
    const manifest = (await response.json()) as Manifest;
    const platforms = (manifest.manifests ?? []).filter(
        ({ annotations }) => annotations?.["vnd.docker.reference.type"] !== "attestation-manifest",
    );
    const parts = await Promise.all(
        platforms.map(async (platform) => (await (await get(`${base}/${platform.digest}`, accessToken)).json()) as Manifest),
    );
    const layers = [manifest, ...parts].flatMap((part) => part.layers ?? []);
    return {
        digest: response.headers.get("docker-content-digest") ?? "",
        bytes: layers.reduce((sum, layer) => sum + layer.size, 0),
    };
}

async function get(url: string, accessToken: string): Promise<Response> {
    const response = await askRegistry(url, { headers: { accept: IMAGE_TYPES } }, accessToken);
    if (!response.ok) {
        throw new Error(`${url} answered ${response.status}`);
    }
    return response;
}
