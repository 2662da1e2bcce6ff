import * as fs from "node:fs";
import * as path from "node:path";
import { Identities } from "../../../sandbox/cloud/access/identities";
import { accessToken } from "../../../sandbox/identity/access-token";
import { pulumiEnvironment } from "../../../sandbox/pulumi/environment";
import { BASE_IMAGE, baseRootfs, pushBaseImage, reachesDockerHub } from "../../../sandbox/registry/base-image";
import { buildkitAddress, buildkitService } from "../../../sandbox/registry/buildkit";
import { startRegistry } from "../../../sandbox/registry/registry";
import { must } from "./run";
import type { Workshop } from "./workshop";

/** The inputs of a build. */
export interface Build {
    /** Name of the image in the registry, with an optional tag. */
    readonly name: string;
    /** Build context. Contains the Dockerfile unless `dockerfile` is set. */
    readonly context: string;
    /** Named build contexts, by name. */
    readonly named?: Readonly<Record<string, string>>;
    /** Folder of the Dockerfile. */
    readonly dockerfile?: string;
    readonly target?: string;
    readonly args?: Readonly<Record<string, string>>;
    /** Content of each secret, by ID. */
    readonly secrets?: Readonly<Record<string, string>>;
    /** Attaches provenance with everything that BuildKit records. The result is an index. */
    readonly provenance?: boolean;
    /** Cache image to use. */
    readonly cacheFrom?: string;
    /** Cache image to write, with the layers of all stages. */
    readonly cacheTo?: string;
}

/** An image in the registry. */
export interface Built {
    readonly repository: string;
    readonly digest: string;
    /** `127.0.0.1:port/name@sha256:…` */
    readonly ref: string;
    /** Access token for the registry. */
    readonly accessToken: string;
}

/** A registry and a BuildKit for one test run, with the base image in the registry. */
export class Builder {
    readonly registry: string;
    private readonly workshop: Workshop;
    private number = 0;

    private constructor(workshop: Workshop, registry: string) {
        this.workshop = workshop;
        this.registry = registry;
    }

    static async start(workshop: Workshop): Promise<Builder> {
        const { home, processes, ports } = workshop;
        const { port, host } = await startRegistry({
            ...{ home, ports, processes },
            identities: new Identities(() => accessToken(home)),
            access: { grants: ({ member }) => member === undefined },
        });
        await processes.start(await buildkitService(home, port));
        if (!(await reachesDockerHub())) {
            await pushBaseImage(home, port, await baseRootfs(home.cache, () => undefined));
        }
        return new Builder(workshop, host);
    }

    /** Pulls and unpacks the base image. @returns its reference */
    async basePresent(): Promise<Built> {
        const folder = this.workshop.folder("base");
        const build = async (name: string, ...lines: readonly string[]): Promise<Built> => {
            fs.writeFileSync(path.join(folder, "Dockerfile"), [`FROM ${BASE_IMAGE}`, ...lines, ""].join("\n"));
            return this.build({ name, context: folder });
        };
        await build("base-used", "RUN true");
        return build("base");
    }

    /** Builds and pushes an image. @throws Error with the last lines of BuildKit's output */
    async build(build: Build): Promise<Built> {
        const file = path.join(this.workshop.home.run, `metadata-${this.number++}.json`);
        const secrets = Object.entries(build.secrets ?? {}).map(([id, content]): [string, string] => {
            const at = path.join(this.workshop.folder("secret"), "content");
            fs.writeFileSync(at, content, { mode: 0o600 });
            return [id, at];
        });
        await must(
            this.buildctl,
            [
                ...["--addr", buildkitAddress(this.workshop.home), "build", "--progress", "plain", "--frontend", "dockerfile.v0"],
                ...["--local", `context=${build.context}`, "--local", `dockerfile=${build.dockerfile ?? build.context}`],
                ...Object.entries(build.named ?? {}).flatMap(([name, folder]) => [
                    ...["--local", `${name}=${folder}`, "--opt", `context:${name}=local:${name}`],
                ]),
                ...(build.target === undefined ? [] : ["--opt", `target=${build.target}`]),
                ...Object.entries(build.args ?? {}).flatMap(([name, value]) => ["--opt", `build-arg:${name}=${value}`]),
                ...secrets.flatMap(([id, src]) => ["--secret", `id=${id},src=${src}`]),
                ...(build.provenance === true ? ["--opt", "attest:provenance=mode=max"] : []),
                ...(build.cacheFrom === undefined ? [] : ["--import-cache", `type=registry,ref=${this.registry}/${build.cacheFrom}`]),
                ...(build.cacheTo === undefined
                    ? []
                    : [
                          "--export-cache",
                          `type=registry,ref=${this.registry}/${build.cacheTo},mode=max,image-manifest=true,oci-mediatypes=true`,
                      ]),
                ...["--output", `type=image,name=${this.registry}/${build.name},push=true,oci-mediatypes=true`, "--metadata-file", file],
            ],
            this.environment,
        );
        const { "containerimage.digest": digest } = JSON.parse(fs.readFileSync(file, "utf8")) as { "containerimage.digest": string };
        const repository = build.name.split(":")[0] ?? build.name;
        return { repository, digest, ref: `${this.registry}/${repository}@${digest}`, accessToken: accessToken(this.workshop.home) };
    }

    /** Runs a build that must fail. @returns the output of BuildKit @throws Error if the build succeeds */
    async refuses(build: Build): Promise<string> {
        let built: Built;
        try {
            built = await this.build(build);
        } catch (error) {
            return error instanceof Error ? error.message : String(error);
        }
        throw new Error(`the build must fail, but succeeded with ${built.ref}`);
    }

    /** Removes all cached layers, pulled images and packages of build steps. */
    async forget(): Promise<void> {
        await must(this.buildctl, ["--addr", buildkitAddress(this.workshop.home), "prune", "--all"], this.environment);
    }

    private get environment(): Readonly<Record<string, string>> {
        return pulumiEnvironment(this.workshop.home, process.env);
    }

    private get buildctl(): string {
        return path.join(this.workshop.home.tools, "buildctl");
    }
}
