import { gunzipSync } from "node:zlib";
import { askRegistry, IMAGE_TYPES } from "../../../sandbox/registry/client";
import type { Built } from "./builder";

/** A reference to a blob or manifest in a manifest. */
export interface Descriptor {
    readonly mediaType: string;
    readonly digest: string;
    readonly size: number;
}

interface Manifest {
    readonly manifests?: readonly (Descriptor & { readonly annotations?: Readonly<Record<string, string>> })[];
    readonly config?: Descriptor;
    readonly layers?: readonly Descriptor[];
}

/** Everything that the registry stores for an image, provenance included: a description, and the bytes. Layers are unpacked to tar. */
export async function contents({ ref, accessToken }: Pick<Built, "ref" | "accessToken">): Promise<ReadonlyMap<string, Buffer>> {
    const found = new Map<string, Buffer>();
    const [name = "", digest = ""] = ref.split("@");
    const base = `http://${name.replace("/", "/v2/")}`;
    const manifest = async (at: string): Promise<void> => {
        const body = await get(`${base}/manifests/${at}`, accessToken);
        found.set(`manifest ${at}`, body);
        const { manifests = [], config, layers = [] } = JSON.parse(body.toString()) as Manifest;
        for (const each of manifests) {
            await manifest(each.digest);
        }
        if (config !== undefined) {
            found.set(`configuration ${config.digest}`, await get(`${base}/blobs/${config.digest}`, accessToken));
        }
        for (const layer of layers) {
            const blob = await get(`${base}/blobs/${layer.digest}`, accessToken);
            found.set(`${layer.mediaType} ${layer.digest}`, layer.mediaType.endsWith("+gzip") ? gunzipSync(blob) : blob);
        }
    };
    await manifest(digest);
    return found;
}

/** Digests of the images in an index, without their attestations. */
export async function platformDigests({ ref, accessToken }: Pick<Built, "ref" | "accessToken">): Promise<readonly string[]> {
    const body = [...(await contents({ ref, accessToken }))].find(([what]) => what === `manifest ${ref.split("@")[1] ?? ""}`)?.[1];
    const { manifests = [] } = JSON.parse((body ?? "{}").toString()) as Manifest;
    return manifests
        .filter(({ annotations }) => annotations?.["vnd.docker.reference.type"] !== "attestation-manifest")
        .map(({ digest }) => digest);
}

/** The blobs and the manifest of an image that is not an index: manifest, configuration, layers. */
export async function blobs({
    ref,
    digest,
    accessToken,
}: Pick<Built, "ref" | "digest" | "accessToken">): Promise<readonly Omit<Descriptor, "mediaType">[]> {
    const [name = ""] = ref.split("@");
    const body = await get(`http://${name.replace("/", "/v2/")}/manifests/${digest}`, accessToken);
    const { config, layers = [] } = JSON.parse(body.toString()) as Manifest;
    return [{ digest, size: body.length }, ...(config === undefined ? [] : [config]), ...layers];
}

/** Compressed and unpacked bytes of each layer of an image that is not an index. The lowest layer is the first. */
export async function layerSizes({
    ref,
    accessToken,
}: Pick<Built, "ref" | "accessToken">): Promise<readonly { compressed: number; unpacked: number }[]> {
    const [name = "", digest = ""] = ref.split("@");
    const base = `http://${name.replace("/", "/v2/")}`;
    const { layers = [] } = JSON.parse((await get(`${base}/manifests/${digest}`, accessToken)).toString()) as Manifest;
    const sizes: { compressed: number; unpacked: number }[] = [];
    for (const layer of layers) {
        const blob = await get(`${base}/blobs/${layer.digest}`, accessToken);
        sizes.push({ compressed: layer.size, unpacked: gunzipSync(blob).length });
    }
    return sizes;
}

async function get(url: string, accessToken: string): Promise<Buffer> {
    const response = await askRegistry(url, { headers: { accept: IMAGE_TYPES } }, accessToken);
    if (!response.ok) {
        throw new Error(`${url} answers ${response.status}`);
    }
    return Buffer.from(await response.arrayBuffer());
}
