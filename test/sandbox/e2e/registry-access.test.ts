import { expect } from "chai";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { askRegistry, IMAGE_TYPES } from "../../../sandbox/registry/client";
import type { Clone, Ended } from "./clone";
import { sandbox } from "./hooks";
import { digest } from "./registry";

const PULLED_WITHIN_MS = 90_000;

interface Pod {
    readonly status: {
        readonly containerStatuses?: readonly {
            readonly imageID?: string;
            readonly state: { readonly waiting?: { readonly reason: string; readonly message?: string } };
        }[];
    };
}

describe("the registry", () => {
    let clone: Clone;
    let images: string;
    let registry: string;
    let inference: string;
    let folder: string;

    before(async () => {
        ({ clone } = sandbox());
        const outputs = await clone.json<{ registryUri: string; images: { inference: string } }>("stack", "output", "--json");
        [registry = "", images = ""] = /^([^/]+)\/(.+)$/.exec(outputs.registryUri)?.slice(1) ?? [];
        ({ inference } = outputs.images);
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "registry access "));
    });
    after(() => {
        fs.rmSync(folder, { recursive: true });
    });

    const manifest = (name: string, version: string, accessToken: string | undefined): Promise<Response> =>
        askRegistry(`http://${registry}/v2/${name}/manifests/${version}`, { headers: { accept: IMAGE_TYPES } }, accessToken);

    /**
     * Builds an image of one file and pushes it with the sandbox's builder.
     * @param docker DOCKER_CONFIG of the command; undefined for the default
     * @param as email of the service account that pushes. Default: the owner
     */
    function push(name: string, content: string, docker?: string, as?: string): Promise<Ended> {
        const context = fs.mkdtempSync(path.join(folder, "context-"));
        fs.writeFileSync(path.join(context, "Dockerfile"), `FROM scratch\nCOPY Dockerfile /\nLABEL content=${content}\n`);
        return clone.sandbox(
            ...(as === undefined ? [] : ["--as", as]),
            ...["run", ...(docker === undefined ? [] : ["env", `DOCKER_CONFIG=${docker}`]), "buildctl", "build"],
            ...["--progress=plain", "--frontend=dockerfile.v0", `--local=context=${context}`, `--local=dockerfile=${context}`],
            `--output=type=image,name=${registry}/${name},push=true`,
        );
    }

    it("refuses a pull and a push without a token, and names the token endpoint", async () => {
        const url = `http://${registry}/v2/${images}/inference`;
        for (const [response, actions] of [
            [await fetch(`${url}/manifests/latest`), "pull"],
            [await fetch(`${url}/blobs/uploads/`, { method: "POST" }), "pull,push"],
            [await fetch(`${url}/manifests/latest`, { headers: { authorization: "Bearer a.b.c" } }), "pull"],
        ] as const) {
            expect(response.status).to.equal(401);
            const [, service = "", name = "", scope = ""] =
                /^Bearer realm="http:\/\/127\.0\.0\.1:\d+\/v2\/token",service="([^"]*)",scope="repository:([^:]*):([a-z,]*)"/.exec(
                    response.headers.get("www-authenticate") ?? "",
                ) ?? [];
            expect([service, name, scope.split(",").sort().join()]).to.deep.equal([registry, `${images}/inference`, actions]);
        }
    });

    it("issues no token without credentials or for an invalid access token", async () => {
        const [, repository = "", version = ""] = /^[^/]+\/(.+)@(.+)$/.exec(inference) ?? [];
        const anonymous = await manifest(repository, version, undefined);
        expect([anonymous.status, await anonymous.text()]).to.deep.equal([
            403,
            JSON.stringify({
                errors: [
                    {
                        code: "DENIED",
                        message: `Unauthenticated request. Unauthenticated requests do not have permission "artifactregistry.repositories.downloadArtifacts" on resource "${resourceOf(images)}" (or it may not exist)`,
                    },
                ],
            }),
        ]);
        expect((await manifest(repository, version, "a-wrong-token")).status).to.equal(401);
        expect((await manifest(repository, version, clone.read(".sandbox/token"))).status).to.equal(200);
    });

    it("accepts a push of the official client with the sandbox's credentials, and none without", async () => {
        const pushed = await push(`${images}/access:v1`, "pushed");
        expect(pushed.code, pushed.output).to.equal(0);
        expect(await digest(registry, `${images}/access`, "v1")).to.match(/^sha256:/);

        const denied = await push(`${images}/access:v2`, "denied", folder);
        expect(denied.code).not.to.equal(0);
        expect(denied.output).to.match(/failed to push .*: failed to fetch anonymous token: .* 403 Forbidden/);
        expect((await manifest(`${images}/access`, "v2", clone.read(".sandbox/token"))).status).to.equal(404);
    });

    it("lets the service account of nodes pull from its repository, and push nowhere", async () => {
        const { resources } = JSON.parse(clone.read(".sandbox/cloud/ledger.json")) as {
            resources: readonly { type: string; id: string }[];
        };
        const [nodes = ""] = resources.flatMap(({ type, id }) =>
            type === "iam.googleapis.com/ServiceAccount" ? (/[^/]*nodes[^/]*$/.exec(id) ?? []) : [],
        );
        const token = (await clone.sandbox("--as", nodes, "run", "printenv", "GOOGLE_OAUTH_ACCESS_TOKEN")).output.trim();
        const [, repository = "", version = ""] = /^[^/]+\/(.+)@(.+)$/.exec(inference) ?? [];
        expect((await manifest(repository, version, token)).status).to.equal(200);
        expect((await manifest(repository.replace(images, `${images}-cache`), version, token)).status).to.equal(403);
        const denied = await push(`${images}/access:v3`, "denied", undefined, nodes);
        expect(denied.code).not.to.equal(0);
        expect(denied.output, denied.output).to.contain("artifactregistry.repositories.uploadArtifacts");
    });

    it("serves its copy of Docker Hub to everyone, read-only", async () => {
        const pushed = await push("library/access:v1", "public");
        expect(pushed.code, pushed.output).to.equal(0);
        expect((await manifest("library/access", "v1", undefined)).status).to.equal(200);
        expect((await push("library/access:v2", "changed", folder)).output).to.match(/403 Forbidden/);
        expect((await manifest("library/access", "v2", undefined)).status).to.equal(404);
    });

    it("answers the provider's look-up with the deployment's credentials, and not without", async () => {
        const project = path.join(folder, "project");
        fs.mkdirSync(project);
        fs.symlinkSync(path.join(clone.folder, "node_modules"), path.join(project, "node_modules"));
        fs.writeFileSync(path.join(project, "Pulumi.yaml"), "name: look-up\nruntime: nodejs\nmain: index.js\n");
        const [, location = "", gcpProject = "", repositoryId = ""] = /^([^/]+)-docker\.pkg\.dev\/(.+)\/([^/]+)$/.exec(images) ?? [];
        const image = { location, project: gcpProject, repositoryId, imageName: `inference@${inference.split("@")[1] ?? ""}` };
        const preview = (program: string): Promise<Ended> => {
            fs.writeFileSync(path.join(project, "index.js"), program);
            return clone.sandbox("run", "bash", "-c", 'cd "$0" && exec pulumi preview --stack trial', project);
        };
        const made = await clone.sandbox("run", "bash", "-c", 'cd "$0" && exec pulumi stack init trial', project);
        expect(made.code, made.output).to.equal(0);
        try {
            const withCredentials = await preview(
                `const { artifactregistry } = require("@pulumi/gcp");\n` +
                    `const found = artifactregistry.getDockerImage(${JSON.stringify(image)});\n` +
                    `exports.name = found.then(({ selfLink }) => require("node:assert").equal(selfLink, ${JSON.stringify(inference)}));\n`,
            );
            expect(withCredentials.code, withCredentials.output).to.equal(0);

            const without = await preview(
                `const docker = require("@pulumi/docker");\n` +
                    `exports.name = docker.getRegistryImage({ name: ${JSON.stringify(inference)} }).then(({ sha256Digest }) => sha256Digest);\n`,
            );
            expect(without.code).not.to.equal(0);
            expect(without.output).to.contain(`cannot look up ${inference}: the registry ${registry} answers 403`);
        } finally {
            await clone.sandbox("run", "bash", "-c", 'cd "$0" && exec pulumi stack rm trial --yes --force', project);
        }
    });

    it("serves a node with credentials; a pod on a node without them ends in ImagePullBackOff with the reason", async () => {
        const pushed = await push(`${images}/access:node`, "node");
        expect(pushed.code, pushed.output).to.equal(0);
        const reference = `${registry}/${images}/access:node`;
        const kubectl = (...args: readonly string[]): Promise<Ended> => clone.sandbox("kubectl", ...args);
        const provider = ".sandbox/bin/auth-provider-gcp";
        const original = clone.read(provider);
        const overrides = JSON.stringify({ spec: { tolerations: [{ operator: "Exists" }] } });
        const container = async () =>
            (await clone.json<Pod>("kubectl", "get", "pod", "access", "--output", "json")).status.containerStatuses?.[0];
        async function until(done: (of: Awaited<ReturnType<typeof container>>) => boolean): Promise<Awaited<ReturnType<typeof container>>> {
            const deadline = Date.now() + PULLED_WITHIN_MS;
            for (;;) {
                const now = await container();
                if (done(now)) {
                    return now;
                }
                if (Date.now() > deadline) {
                    throw new Error(`The pod does not reach this state: ${JSON.stringify(now)}`);
                }
                await delay(1000);
            }
        }
        try {
            clone.write(provider, "#!/bin/sh\nexit 1\n");
            const run = await kubectl("run", "access", "--image", reference, "--restart=Never", `--overrides=${overrides}`);
            expect(run.code, run.output).to.equal(0);
            await until((now) => now?.state.waiting?.reason === "ImagePullBackOff");
            const { output } = await kubectl("get", "events", "--field-selector", "involvedObject.name=access,reason=Failed");
            expect(output).to.match(/Failed to pull image .*: failed to authorize: failed to fetch anonymous token: .* 403 Forbidden/);

            clone.write(provider, original);
            await until((now) => (now?.imageID ?? "") !== "" || /CreateContainer|RunContainer/.test(now?.state.waiting?.reason ?? ""));
        } finally {
            clone.write(provider, original);
            await kubectl("delete", "pod", "access", "--now", "--ignore-not-found");
        }
    });
});

/** Name of the repository in Google's API. */
function resourceOf(images: string): string {
    const [, location = "", project = "", repository = ""] = /^([^/]+)-docker\.pkg\.dev\/(.+)\/([^/]+)$/.exec(images) ?? [];
    return `projects/${project}/locations/${location}/repositories/${repository}`;
}
