import { isDeepStrictEqual } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { artifactRegistryImage } from "./artifact-registry-image";
import { ContainerImage, type ContainerImageArgs } from "./container-image";
import type { BuiltFor } from "./image-settings";

/** The images of a stack, built or from another registry. */
export class StackImages {
    private readonly images: ReadonlyMap<string, ContainerImage>;

    constructor(private readonly source: Omit<ContainerImageArgs, "image">) {
        this.images = new Map(source.images.named.map((image) => [image.name, new ContainerImage(image.name, { ...source, image })]));
    }

    /**
     * The image of a name.
     * @throws Error if the stack has no such image; the checks of the configuration report that first, with the fix
     */
    of(name: string): ContainerImage {
        const image = this.images.get(name);
        if (image === undefined) {
            throw new Error(`the stack has no image ${name}`);
        }
        return image;
    }

    /** References by digest, under the images' own names, by image. A promotion copies them. Another stack may not read this one's proxy. */
    get refs(): Readonly<Record<string, pulumi.Output<string>>> {
        return Object.fromEntries([...this.images].map(([name, { origin }]) => [name, origin]));
    }

    /** References, as pods pull them, of the images that a project's builds did not push: the images that come from registries outside of the project. */
    foreignTo(project: string): pulumi.Output<string[]> {
        const taken = this.source.images.named.filter(
            ({ reference }) => reference !== undefined && artifactRegistryImage(reference)?.project !== project,
        );
        return pulumi.all(taken.map(({ name }) => this.of(name).ref));
    }

    /** Variant and platforms, and under `others` those of the images that differ. */
    get builtFor(): BuiltFor & { readonly others?: Readonly<Record<string, BuiltFor>> } {
        const { builtFor, named } = this.source.images;
        const kinds = named.map(({ name, variant, platforms }) => [name, { variant, platforms }] as const);
        const differing = kinds.filter(([, kind]) => !isDeepStrictEqual(kind, builtFor));
        return differing.length === 0 ? builtFor : { ...builtFor, others: Object.fromEntries(differing) };
    }
}
