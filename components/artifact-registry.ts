import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { cacheCleanup, imageCleanup } from "./cleanup-policies";
import { releasedDigests } from "./release";

export interface ArtifactRegistryArgs {
    readonly project: string;
    /** Id of the image repository; the others append to it. */
    readonly repository: string;
    /** Region or multi-region. */
    readonly location: string;
    /** Versions of each image that are always kept. */
    readonly keepNewest: number;
    /** Days after which a version without a tag goes. */
    readonly deleteUntaggedAfterDays: number;
    /** Days after which layers of the build cache go. */
    readonly deleteCacheAfterDays: number;
    /** True: the clean-up only logs what it would delete. */
    readonly cleanupDryRun: boolean;
    /** True: a tag, once pushed, cannot be moved. Then no build may push a moving tag. */
    readonly immutableTags: boolean;
    /** True: images are scanned where the project has the scanning API on. */
    readonly scanning: boolean;
    /** Key that encrypts what is stored, in full form. @default Google's own key */
    readonly kmsKey?: string | undefined;
    /** True: a proxy of Docker Hub, and a virtual repository in front of both. */
    readonly dockerHubProxy: boolean;
    /** IAM members that pull. */
    readonly readers: readonly string[];
    /** IAM members that push. */
    readonly writers: readonly string[];
    /** References of all images that some stack takes from its release; the clean-up keeps those that are in this registry. */
    readonly releasedImages: readonly string[];
}

/** Where images and their build cache live: one repository each, with clean-up of their own. */
export class ArtifactRegistry extends pulumi.ComponentResource {
    /** The image repository. */
    readonly images: gcp.artifactregistry.Repository;
    /** The cache repository. */
    readonly cache: gcp.artifactregistry.Repository;
    /** Address that images are pushed to and pulled from. */
    readonly registryUri: pulumi.Output<string>;
    /** Address that build caches are written to. */
    readonly cacheUri: pulumi.Output<string>;
    /** Address that base images are pulled from: the virtual repository. Absent without the proxy. */
    readonly baseImagesUri: pulumi.Output<string> | undefined;

    constructor(name: string, args: ArtifactRegistryArgs, opts?: pulumi.ComponentResourceOptions) {
        super("ml-platform:index:ArtifactRegistry", name, {}, opts);
        this.images = this.imageRepository(name, args);
        this.cache = this.cacheRepository(name, args);
        const virtual = args.dockerHubProxy ? this.virtualRepository(name, args) : undefined;
        this.grant(name, args, "reader", args.readers);
        this.grant(name, args, "writer", args.writers);
        this.registryUri = this.images.registryUri;
        this.cacheUri = this.cache.registryUri;
        this.baseImagesUri = virtual?.registryUri;
        this.registerOutputs({ registryUri: this.registryUri, cacheUri: this.cacheUri, baseImagesUri: this.baseImagesUri });
    }

    private imageRepository(name: string, args: ArtifactRegistryArgs): gcp.artifactregistry.Repository {
        return new gcp.artifactregistry.Repository(
            name,
            {
                ...common(args),
                repositoryId: args.repository,
                description: "Images of the ML platform",
                dockerConfig: { immutableTags: args.immutableTags },
                cleanupPolicies: imageCleanup({
                    ...args,
                    releasedDigests: releasedDigests(args.releasedImages, `${args.project}/${args.repository}`),
                }),
                cleanupPolicyDryRun: args.cleanupDryRun,
                vulnerabilityScanningConfig: { enablementConfig: args.scanning ? "INHERITED" : "DISABLED" },
            },
            { parent: this },
        );
    }

    private cacheRepository(name: string, args: ArtifactRegistryArgs): gcp.artifactregistry.Repository {
        return new gcp.artifactregistry.Repository(
            `${name}-cache`,
            {
                ...common(args),
                repositoryId: `${args.repository}-cache`,
                description: "Build cache of the ML platform's images; can be deleted at any time",
                cleanupPolicies: cacheCleanup(args.deleteCacheAfterDays),
                cleanupPolicyDryRun: args.cleanupDryRun,
                vulnerabilityScanningConfig: { enablementConfig: "DISABLED" },
            },
            { parent: this, protect: false },
        );
    }

    private virtualRepository(name: string, args: ArtifactRegistryArgs): gcp.artifactregistry.Repository {
        const dockerHub = new gcp.artifactregistry.Repository(
            `${name}-docker-hub`,
            {
                ...common(args),
                repositoryId: `${args.repository}-docker-hub`,
                description: "Proxy of Docker Hub",
                mode: "REMOTE_REPOSITORY",
                remoteRepositoryConfig: { dockerRepository: { publicRepository: "DOCKER_HUB" } },
            },
            { parent: this, protect: false },
        );
        return new gcp.artifactregistry.Repository(
            `${name}-virtual`,
            {
                ...common(args),
                repositoryId: `${args.repository}-virtual`,
                description: "The ML platform's images first, then Docker Hub",
                mode: "VIRTUAL_REPOSITORY",
                virtualRepositoryConfig: {
                    upstreamPolicies: [
                        { id: "images", repository: this.images.id, priority: 20 },
                        { id: "docker-hub", repository: dockerHub.id, priority: 10 },
                    ],
                },
            },
            { parent: this, protect: false },
        );
    }

    private grant(name: string, args: ArtifactRegistryArgs, kind: "reader" | "writer", members: readonly string[]): void {
        for (const member of members) {
            new gcp.artifactregistry.RepositoryIamMember(
                `${name}-${kind}-${member}`,
                { repository: this.images.id, location: args.location, role: `roles/artifactregistry.${kind}`, member },
                { parent: this, protect: false },
            );
        }
    }
}

function common(args: ArtifactRegistryArgs) {
    return { location: args.location, format: "DOCKER", ...(args.kmsKey === undefined ? {} : { kmsKeyName: args.kmsKey }) };
}
