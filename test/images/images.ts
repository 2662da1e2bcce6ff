import * as fs from "node:fs";
import * as path from "node:path";
import type { Build, Builder, Built } from "./engine/builder";

export const ROOT = path.join(__dirname, "..", "..");

/** Build context that all images share. */
export const COMMON = path.join(ROOT, "docker", "common");

/** The images that these tests build. The CUDA variants have other packages and need a GPU to run. */
export const IMAGES = ["inference", "worker", "training"] as const;
export type ImageName = (typeof IMAGES)[number];

/** Certificates of this machine for builds behind a proxy, and a text that a test searches for in images. */
export function caBundle(...canaries: readonly string[]): string {
    const file = process.env.SSL_CERT_FILE ?? "/etc/ssl/certs/ca-certificates.crt";
    // A PEM file treats text outside of certificates as a comment.
    return [...canaries, fs.readFileSync(file, "utf8"), ...canaries].join("\n");
}

/** Build of an image in `docker/`, as the program builds it, with every secret and label that it accepts. */
export function recipe(image: ImageName, canaries: readonly string[]): Build {
    return {
        name: image,
        context: path.join(ROOT, "docker", image),
        named: { common: COMMON },
        args: {
            SOURCE_DATE_EPOCH: "1700000000",
            REVISION: "0123456789abcdef",
            CREATED: "2023-11-14T22:13:20Z",
            ...(image === "inference" ? { APP_ENV: "test" } : {}),
        },
        secrets: { "ca-bundle": caBundle(...canaries) },
        provenance: true,
    };
}

/** Builds each image once, on first use. */
export class Images {
    private readonly builder: Builder;
    private readonly canaries: Readonly<Record<ImageName, readonly string[]>>;
    private readonly built = new Map<ImageName, Promise<Built>>();

    constructor(builder: Builder, canaries: Readonly<Record<ImageName, readonly string[]>>) {
        this.builder = builder;
        this.canaries = canaries;
    }

    get(image: ImageName): Promise<Built> {
        const built = this.built.get(image) ?? this.builder.build(recipe(image, this.canaries[image]));
        this.built.set(image, built);
        return built;
    }
}
