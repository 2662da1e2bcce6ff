import * as fs from "node:fs";
import * as path from "node:path";
import { accessToken } from "../../../sandbox/identity/access-token";
import { pulumiEnvironment } from "../../../sandbox/pulumi/environment";
import { BASE_IMAGE, baseRootfs, pushBaseImage, reachesDockerHub } from "../../../sandbox/registry/base-image";
import { buildkitAddress, buildkitService } from "../../../sandbox/registry/buildkit";
import { startRegistry } from "../../../sandbox/registry/registry";
import { must } from "./run";
import type { Workshop } from "./workshop";

/** What is built. */
export interface Build {
    /** Name of the image in the registry, with its tag where it has one. */
    readonly name: string;
    /** Build context; the Dockerfile is in it unless `dockerfile` says otherwise. */
    readonly context: string;
    /** Further folders, by the name that the Dockerfile knows each by. */
    readonly named?: Readonly<Record<string, string>>;
    /** Folder of the Dockerfile. */
    readonly dockerfile?: string;
    readonly target?: string;
    readonly args?: Readonly<Record<string, string>>;
    /** Id of each secret → its content. */
    readonly secrets?: Readonly<Record<string, string>>;
    /** Adds provenance with all that BuildKit knows of the build; the result is then an index. */
    readonly provenance?: boolean;
    /** Cache image to use. */
    readonly cacheFrom?: string;
    /** Cache image to write, with all stages. */
    readonly cacheTo?: string;
}

/** An image in the registry. */
export interface Built {
    readonly repository: string;
    readonly digest: string;
    /** `127.0.0.1:port/name@sha256:…` */
    readonly ref: string;
    /** The access token by which the registry gives it. */
    readonly accessToken: string;
}

/** A registry of its own and a BuildKit of its own, with the base image in place. */
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
        const { port, host } = await startRegistry({ home, ports, processes });
        await processes.start(await buildkitService(home, port));
        if (!(await reachesDockerHub())) {
            await pushBaseImage(home, port, await baseRootfs(home.cache, () => undefined));
        }
        return new Builder(workshop, host);
    }

    /** Has the base image pulled and unpacked. @returns it, under a name of its own */
    async basePresent(): Promise<Built> {
        const folder = this.workshop.folder("base");
        const build = async (name: string, ...lines: readonly string[]): Promise<Built> => {
            fs.writeFileSync(path.join(folder, "Dockerfile"), [`FROM ${BASE_IMAGE}`, ...lines, ""].join("\n"));
            return this.build({ name, context: folder });
        };
        await build("base-used", "RUN true");
        return build("base");
    }

    /** Builds and pushes. @throws Error with the end of BuildKit's output */
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

    /** Builds, and expects that it fails. @returns what BuildKit printed @throws Error where it succeeds */
    async refuses(build: Build): Promise<string> {
        let built: Built;
        try {
            built = await this.build(build);
        } catch (error) {
            return error instanceof Error ? error.message : String(error);
        }
        throw new Error(`the build was to fail, and made ${built.ref}`);
    }

    /** Forgets everything: what was built, what was pulled, and the packages that build steps keep between builds. */
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
