import { createHash } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";

/** An image with a single file and no base image. */
export interface SingleFileImage {
    /** Reference with host and tag, such as `sandbox.invalid/pause:1`. */
    readonly reference: string;
    /** Architecture in OCI notation: `amd64` or `arm64`. */
    readonly architecture: string;
    /** Absolute path of the file in the image, which is also the entrypoint. */
    readonly path: string;
    readonly content: Buffer;
    /** User and group of the process. @default root */
    readonly user?: string;
}

interface Entry {
    readonly name: string;
    readonly content: Buffer;
    readonly mode?: number;
}

interface Descriptor {
    readonly mediaType: string;
    readonly digest: string;
    readonly size: number;
}

/**
 * Builds an OCI image layout as a tar archive for `ctr images import`. The output is reproducible.
 * https://github.com/opencontainers/image-spec/blob/main/image-layout.md
 */
export async function ociArchive(image: SingleFileImage): Promise<Buffer> {
    const layer = await tar([{ name: image.path.slice(1), content: image.content, mode: 0o755 }]);
    const compressed = gzipSync(layer);
    const config = json({
        architecture: image.architecture,
        os: "linux",
        config: { Entrypoint: [image.path], User: image.user },
        rootfs: { type: "layers", diff_ids: [digest(layer)] },
    });
    const manifest = json({
        schemaVersion: 2,
        mediaType: "application/vnd.oci.image.manifest.v1+json",
        config: descriptor("application/vnd.oci.image.config.v1+json", config),
        layers: [descriptor("application/vnd.oci.image.layer.v1.tar+gzip", compressed)],
    });
    const index = json({
        schemaVersion: 2,
        manifests: [
            {
                ...descriptor("application/vnd.oci.image.manifest.v1+json", manifest),
                annotations: {
                    "io.containerd.image.name": image.reference,
                    "org.opencontainers.image.ref.name": image.reference.split(":").at(-1),
                },
            },
        ],
    });
    const blobs = [compressed, config, manifest].map((content) => ({
        name: `blobs/sha256/${digest(content).slice("sha256:".length)}`,
        content,
    }));
    return tar([{ name: "oci-layout", content: json({ imageLayoutVersion: "1.0.0" }) }, { name: "index.json", content: index }, ...blobs]);
}

async function tar(entries: readonly Entry[]): Promise<Buffer> {
    const archive = pack();
    for (const { name, content, mode = 0o644 } of entries) {
        archive.entry({ name, mode, mtime: new Date(0) }, content);
    }
    archive.finalize();
    return buffer(archive);
}

function descriptor(mediaType: string, content: Buffer): Descriptor {
    return { mediaType, digest: digest(content), size: content.length };
}

function digest(content: Buffer): string {
    return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

function json(value: object): Buffer {
    return Buffer.from(JSON.stringify(value));
}
