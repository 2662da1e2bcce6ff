import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { buildDefinition, type BuildDefinition } from "./build-definition";
import type { ImagesConfig } from "../config";
import type { BuildConfig } from "./config";
import { deployedDigests, definitionTag, type Digests } from "./deployed-digests";
import { throughProxy } from "../docker-hub/proxy";
import { imageRecipes } from "../image-recipe";
import { accountsOf } from "../../project/accounts";
import { buildAccountId } from "../../project/names";

/** The settings of the section `build`, the images, and their destinations. */
export interface BuildTriggerArgs extends BuildConfig {
    readonly project: string;
    /** Region of the trigger. Cloud Build finds only repositories that are connected in the same region. */
    readonly region: string;
    /** Folder of the program in the repository, with a slash at its end; `includedFiles` are relative to it. @default the root */
    readonly directory?: string | undefined;
    /** The images that are built. */
    readonly images: ImagesConfig;
    /** Environment of the images, which is a build argument. */
    readonly environment: string;
    /** Destinations of the images and of their build cache. */
    readonly registry: {
        readonly images: gcp.artifactregistry.Repository;
        readonly cache: gcp.artifactregistry.Repository;
        /** True: a tag, once pushed, cannot be moved. @default false */
        readonly immutableTags?: boolean | undefined;
        /** Projects that run the images, and verify the attestations of Cloud Build. @default none */
        readonly consumers?: readonly string[] | undefined;
        /** A proxy of Docker Hub, and the repository that base images are pulled through. @default none */
        readonly baseImages?:
            { readonly dockerHub: gcp.artifactregistry.Repository; readonly virtual: gcp.artifactregistry.Repository } | undefined;
    };
}

type RepositoryConnection = NonNullable<BuildConfig["connection"]>;

/** Builds the images in Cloud Build at each push, under an account that may write images and logs and nothing else. */
export class BuildTrigger extends pulumi.ComponentResource {
    readonly serviceAccount: gcp.serviceaccount.Account;
    /** Digests of the images that were built from the commit that is checked out; undefined unless the stack deploys them. */
    readonly digests: pulumi.Output<Digests> | undefined;

    constructor(name: string, args: BuildTriggerArgs, opts?: pulumi.ComponentResourceOptions) {
        super("ml-platform:index:BuildTrigger", name, {}, opts);
        this.serviceAccount = new gcp.serviceaccount.Account(
            `${name}-account`,
            { accountId: buildAccountId(pulumi.getStack()), displayName: "Builds of the ML platform's images" },
            { parent: this },
        );
        const grants = this.grants(name, args);
        const event = this.repositoryEvent(name, args);
        const trigger = this.trigger(name, args, event({ branch: args.branches }), grants);
        if (args.tags !== undefined) {
            this.trigger(`${name}-tags`, args, event({ tag: args.tags }), grants);
        }
        if (args.images.from === "cloud-build") {
            this.digests = deployedDigests({ trigger, registryUri: args.registry.images.registryUri, images: args.images, owner: this });
        }
        this.registerOutputs({ serviceAccount: this.serviceAccount.email });
    }

    private grants(name: string, args: BuildTriggerArgs): pulumi.Resource[] {
        const options = { parent: this };
        const member = this.serviceAccount.member;
        const { images, cache, baseImages, consumers = [] } = args.registry;
        for (const consumer of consumers) {
            this.verifier(`${name}-consumer-${consumer}`, args.project, accountsOf(consumer, "ServiceAccount", this));
            this.verifier(`${name}-consumer-agents-${consumer}`, args.project, accountsOf(consumer, "ServiceAgent", this));
        }
        const grant = (suffix: string, kind: "reader" | "writer", repository: gcp.artifactregistry.Repository) =>
            new gcp.artifactregistry.RepositoryIamMember(
                `${name}-${suffix}`,
                { repository: repository.id, location: repository.location, role: `roles/artifactregistry.${kind}`, member },
                options,
            );
        return [
            grant("images-writer", "writer", images),
            grant("cache-writer", "writer", cache),
            ...(baseImages === undefined
                ? []
                : [grant("docker-hub-reader", "reader", baseImages.dockerHub), grant("virtual-reader", "reader", baseImages.virtual)]),
            new gcp.projects.IAMMember(`${name}-logs`, { project: args.project, role: "roles/logging.logWriter", member }, options),
            this.sourceGrant(name, args.project),
        ];
    }

    /**
     * Lets accounts of another project require the attestor of Cloud Build, and verify its attestations.
     * https://cloud.google.com/binary-authorization/docs/multi-project-setup-cli
     */
    private verifier(name: string, project: string, member: pulumi.Input<string>): void {
        new gcp.projects.IAMMember(name, { project, role: "roles/binaryauthorization.attestorsVerifier", member }, { parent: this });
    }

    /** `npm run cloud-build` uploads its source to a bucket that gcloud creates on first use, so the grant selects it with a condition. */
    private sourceGrant(name: string, project: string): pulumi.Resource {
        return new gcp.projects.IAMMember(
            `${name}-source`,
            {
                project,
                role: "roles/storage.objectViewer",
                member: this.serviceAccount.member,
                condition: {
                    title: "cloud-build-source",
                    expression: `resource.name.startsWith("projects/_/buckets/${project}_cloudbuild/objects/")`,
                },
            },
            { parent: this },
        );
    }

    /** Returns the fields of a trigger that name its repository, for a push. */
    private repositoryEvent(name: string, args: BuildTriggerArgs): (push: Push) => RepositoryEvent {
        const { github, connection } = args;
        if (connection === undefined) {
            return (push) => ({ github: github === undefined ? undefined : { ...github, push } });
        }
        const repository = new gcp.cloudbuildv2.Repository(
            `${name}-repository`,
            { parentConnection: this.connectionName(name, connection, args), remoteUri: connection.remoteUri, location: args.region },
            { parent: this },
        );
        return (push) => ({ repositoryEventConfig: { repository: repository.id, push } });
    }

    /** Name of the connection, which is created if the stack file has its settings. */
    private connectionName(
        name: string,
        connection: RepositoryConnection,
        { project, region }: Pick<BuildTriggerArgs, "project" | "region">,
    ): pulumi.Input<string> {
        if (connection.github === undefined) {
            return connection.name;
        }
        const { appInstallationId, tokenSecretVersion } = connection.github;
        const tokenReader = this.tokenReader(name, tokenSecretVersion, project);
        const created = new gcp.cloudbuildv2.Connection(
            `${name}-connection`,
            {
                name: connection.name,
                location: region,
                githubConfig: { appInstallationId, authorizerCredential: { oauthTokenSecretVersion: tokenSecretVersion } },
            },
            { parent: this, dependsOn: [tokenReader] },
        );
        return created.name;
    }

    /** Cloud Build's service agent reads the token. https://cloud.google.com/build/docs/automating-builds/github/connect-repo-github */
    private tokenReader(name: string, tokenSecretVersion: string, project: string): pulumi.Resource {
        const [, secretProject = "", secretId = ""] = /^projects\/(.+)\/secrets\/(.+)\/versions\//.exec(tokenSecretVersion) ?? [];
        const { number } = gcp.organizations.getProjectOutput({ projectId: project }, { parent: this });
        return new gcp.secretmanager.SecretIamMember(
            `${name}-token-reader`,
            {
                project: secretProject,
                secretId,
                role: "roles/secretmanager.secretAccessor",
                member: pulumi.interpolate`serviceAccount:service-${number}@gcp-sa-cloudbuild.iam.gserviceaccount.com`,
            },
            { parent: this },
        );
    }

    private trigger(name: string, args: BuildTriggerArgs, event: RepositoryEvent, grants: pulumi.Resource[]): gcp.cloudbuild.Trigger {
        const { channel, from } = args.images;
        const movesChannel = from !== "build";
        const { directory = "" } = args;
        const { images, cache, baseImages, immutableTags } = args.registry;
        const build = pulumi
            .all([images.registryUri, cache.registryUri, baseImages?.virtual.registryUri])
            .apply(([registryUri, cacheUri, proxy]) => {
                const recipes = imageRecipes(args.images, args.environment).map((recipe) => throughProxy(recipe, proxy));
                const definition = buildDefinition({ ...args, channel, movesChannel, immutableTags, recipes, registryUri, cacheUri });
                return { ...triggerBuild(definition, directory), tags: from === "cloud-build" ? [definitionTag(definition)] : undefined };
            });
        return new gcp.cloudbuild.Trigger(
            name,
            {
                ...event,
                location: args.region,
                description: "Builds the ML platform's images",
                includedFiles: args.includedFiles.map((glob) => `${directory}${glob}`),
                approvalConfig: { approvalRequired: args.approval },
                // The full name; the e-mail address alone is refused.
                serviceAccount: this.serviceAccount.id,
                build,
            },
            { parent: this, dependsOn: grants },
        );
    }
}

type Push = { branch: string } | { tag: string };

/** The event that starts a build. */
type RepositoryEvent = Pick<gcp.cloudbuild.TriggerArgs, "github" | "repositoryEventConfig">;

/** The build with the provider's field names. A trigger checks out the whole repository; its steps run in the program's folder. */
function triggerBuild({ steps, images, ...build }: BuildDefinition, directory: string) {
    const dir = directory === "" ? {} : { dir: directory.replace(/\/$/, "") };
    return {
        ...build,
        images: [...images],
        steps: steps.map(({ waitFor, args, ...step }) => ({ ...step, ...dir, args: [...args], waitFors: [...waitFor] })),
    };
}
