import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { cacheCleanup, imageCleanup, releasedDigests } from "./cleanup-policies";
import type { RegistryConfig } from "./config";
import { accountsOf } from "../project/accounts";

/** Settings of the section `registry`, and additions of the stack. */
export interface ArtifactRegistryArgs extends RegistryConfig {
    readonly project: string;
    /** References of all images that a stack of the project takes from its release. The clean-up keeps those in this registry. */
    readonly releasedImages: readonly string[];
}

/** A proxy of Docker Hub, and the virtual repository in front of it and of the images. An identity that pulls through the virtual repository must also be able to read the proxy. */
export interface BaseImageRepositories {
    readonly dockerHub: gcp.artifactregistry.Repository;
    readonly virtual: gcp.artifactregistry.Repository;
}

type Kind = "reader" | "writer";

/** Image repository and build-cache repository, each with its own clean-up. */
export class ArtifactRegistry extends pulumi.ComponentResource {
    /** The image repository. */
    readonly images: gcp.artifactregistry.Repository;
    /** The cache repository. */
    readonly cache: gcp.artifactregistry.Repository;
    /** Address that images are pushed to and pulled from. */
    readonly registryUri: pulumi.Output<string>;
    /** Address that build caches are written to. */
    readonly cacheUri: pulumi.Output<string>;
    /** Where base images come from. Undefined without the proxy. */
    readonly baseImages: BaseImageRepositories | undefined;
    /** Address that base images are pulled from: the virtual repository. Undefined without the proxy. */
    readonly baseImagesUri: pulumi.Output<string> | undefined;
    /** Whether a tag of the image repository, once pushed, cannot be moved. */
    readonly immutableTags: boolean;
    /** Projects that run the images. */
    readonly consumers: readonly string[];

    constructor(name: string, args: ArtifactRegistryArgs, opts?: pulumi.ComponentResourceOptions) {
        super("ml-platform:index:ArtifactRegistry", name, {}, opts);
        const dependsOn = this.encryption(name, args);
        this.immutableTags = args.immutableTags;
        this.consumers = args.consumers;
        this.images = this.imageRepository(name, args, dependsOn);
        this.cache = this.cacheRepository(name, args, dependsOn);
        this.baseImages = args.dockerHubProxy ? this.baseImageRepositories(name, args, dependsOn) : undefined;
        this.grants(name, args);
        this.registryUri = this.images.registryUri;
        this.cacheUri = this.cache.registryUri;
        this.baseImagesUri = this.baseImages?.virtual.registryUri;
        this.registerOutputs({ registryUri: this.registryUri, cacheUri: this.cacheUri, baseImagesUri: this.baseImagesUri });
    }

    /**
     * The grant that Artifact Registry needs before it can create a repository with a customer-managed key.
     * https://cloud.google.com/artifact-registry/docs/cmek
     */
    private encryption(name: string, args: ArtifactRegistryArgs): pulumi.Resource[] {
        if (args.kmsKey === undefined) {
            return [];
        }
        const options = { parent: this, protect: false };
        const agent = new gcp.projects.ServiceIdentity(
            `${name}-agent`,
            { project: args.project, service: "artifactregistry.googleapis.com" },
            options,
        );
        const role = "roles/cloudkms.cryptoKeyEncrypterDecrypter";
        return [new gcp.kms.CryptoKeyIAMMember(`${name}-agent-key`, { cryptoKeyId: args.kmsKey, role, member: agent.member }, options)];
    }

    private imageRepository(name: string, args: ArtifactRegistryArgs, dependsOn: pulumi.Resource[]): gcp.artifactregistry.Repository {
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
            { parent: this, dependsOn },
        );
    }

    private cacheRepository(name: string, args: ArtifactRegistryArgs, dependsOn: pulumi.Resource[]): gcp.artifactregistry.Repository {
        return new gcp.artifactregistry.Repository(
            `${name}-cache`,
            {
                ...common(args),
                repositoryId: `${args.repository}-cache`,
                description: "Build cache of the ML platform's images; can be deleted at any time",
                // Each build moves the cache's tag. Set explicitly, because Google returns a value, and a missing one would show as a change at each update.
                dockerConfig: { immutableTags: false },
                cleanupPolicies: cacheCleanup(args.deleteCacheAfterDays),
                cleanupPolicyDryRun: args.cleanupDryRun,
                vulnerabilityScanningConfig: { enablementConfig: "DISABLED" },
            },
            { parent: this, protect: false, dependsOn },
        );
    }

    private baseImageRepositories(name: string, args: ArtifactRegistryArgs, dependsOn: pulumi.Resource[]): BaseImageRepositories {
        const dockerHub = new gcp.artifactregistry.Repository(
            `${name}-docker-hub`,
            {
                ...common(args),
                repositoryId: `${args.repository}-docker-hub`,
                description: "Proxy of Docker Hub",
                mode: "REMOTE_REPOSITORY",
                remoteRepositoryConfig: { dockerRepository: { publicRepository: "DOCKER_HUB" } },
            },
            { parent: this, protect: false, dependsOn },
        );
        const virtual = new gcp.artifactregistry.Repository(
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
            { parent: this, protect: false, dependsOn },
        );
        return { dockerHub, virtual };
    }

    private grants(name: string, { readers, writers, consumers }: ArtifactRegistryArgs): void {
        this.grant(`${name}-reader`, this.images, "reader", readers);
        this.grant(`${name}-writer`, this.images, "writer", writers);
        this.grant(`${name}-cache-writer`, this.cache, "writer", writers);
        if (this.baseImages !== undefined) {
            const members = new Set([...readers, ...writers]);
            this.grant(`${name}-docker-hub-reader`, this.baseImages.dockerHub, "reader", members);
            this.grant(`${name}-virtual-reader`, this.baseImages.virtual, "reader", members);
        }
        for (const project of consumers) {
            this.member(`${name}-consumer-${project}`, this.images, "reader", accountsOf(project, "ServiceAccount", this));
            // Binary Authorization reads the images that a cluster of the project is about to run.
            this.member(`${name}-consumer-agents-${project}`, this.images, "reader", accountsOf(project, "ServiceAgent", this));
        }
    }

    private grant(name: string, repository: gcp.artifactregistry.Repository, kind: Kind, members: Iterable<string>): void {
        for (const member of members) {
            this.member(`${name}-${member}`, repository, kind, member);
        }
    }

    private member(name: string, repository: gcp.artifactregistry.Repository, kind: Kind, member: pulumi.Input<string>): void {
        new gcp.artifactregistry.RepositoryIamMember(
            name,
            { repository: repository.id, location: repository.location, role: `roles/artifactregistry.${kind}`, member },
            { parent: this, protect: false },
        );
    }
}

function common({ location, kmsKey }: ArtifactRegistryArgs) {
    return { location, format: "DOCKER", kmsKeyName: kmsKey };
}
