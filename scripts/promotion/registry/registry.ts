import { Headers, type Response } from "undici";
import { z } from "zod";
import { CommandError } from "../../command-line/run";
import { dockerAuthorization } from "./docker-authorization";
import { googleAuthorization } from "./google-authorization";
import { type ImageReference, isGoogleRegistry, isLoopback, manifestUrl, parseReference, registryUrl } from "./image-reference";
import { send } from "./send";
import { tokenUrl } from "./token-challenge";

const ACCEPT = [
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

const tokenSchema = z.object({ token: z.string().optional(), access_token: z.string().optional() });

const annotations = z.record(z.string(), z.string()).optional();

/** A manifest: of an image, of an index of images, or of attestations. https://github.com/opencontainers/image-spec/blob/main/image-index.md */
const manifestSchema = z.object({
    manifests: z.array(z.object({ digest: z.string(), annotations })).optional(),
    layers: z.array(z.object({ digest: z.string(), annotations })).optional(),
});
export type Manifest = Readonly<z.output<typeof manifestSchema>>;

/**
 * The manifest of an image.
 * @param reference `host/name@sha256:…`
 * @throws CommandError if its registry does not serve it, does not answer, or answers something else
 */
export async function manifestOf(reference: string): Promise<Manifest> {
    const manifest = await manifestAt(parseReference(reference));
    if (manifest === undefined) {
        throw new CommandError(`${reference} is not in its registry: it was deleted, or never pushed.`);
    }
    return manifest;
}

/**
 * The manifest with a tag in an image's repository; undefined without one.
 * @param reference the image, `host/name@sha256:…`
 * @throws CommandError if its registry does not serve it, does not answer, or answers something else
 */
export const taggedManifest = (reference: string, tag: string): Promise<Manifest | undefined> => manifestAt(parseReference(reference), tag);

const tagsSchema = z.object({ tags: z.array(z.string()).nullish() });

/**
 * The tags of an image's repository, as many as the registry lists at once; none if it lists no tags.
 * https://distribution.github.io/distribution/spec/api/#listing-image-tags
 * @param reference the image, `host/name@sha256:…`
 * @throws CommandError if its registry does not answer
 */
export async function tagsOf(reference: string): Promise<readonly string[]> {
    const { host, repository } = parseReference(reference);
    const answer = await askWithToken(`${registryUrl(host)}${repository}/tags/list`, host, await authorizationOf(host));
    const { data } = tagsSchema.safeParse(answer.ok ? await answer.json().catch(() => undefined) : undefined);
    return data?.tags ?? [];
}

/**
 * A blob of an image's repository, parsed as JSON; undefined if it is something else.
 * @param reference the image, `host/name@sha256:…`
 * @throws CommandError if its registry does not serve it, or does not answer
 */
export async function jsonBlob(reference: string, digest: string): Promise<unknown> {
    const { host, repository } = parseReference(reference);
    const answer = await askWithToken(`${registryUrl(host)}${repository}/blobs/${digest}`, host, await authorizationOf(host));
    if (!answer.ok) {
        throw new CommandError(`The registry ${host} answered ${answer.status} when asked for ${digest} of ${repository}.`);
    }
    return answer.json().catch(() => undefined);
}

const authorizationOf = (host: string): Promise<string | undefined> =>
    isGoogleRegistry(host) ? googleAuthorization() : dockerAuthorization(host);

async function manifestAt(image: ImageReference, tag?: string): Promise<Manifest | undefined> {
    const answer = await askWithToken(manifestUrl(image, tag), image.host, await authorizationOf(image.host));
    const { status } = answer;
    if (status === 200) {
        const { data } = manifestSchema.safeParse(await answer.json().catch(() => undefined));
        if (data === undefined) {
            throw new CommandError(
                `The registry ${image.host} answered something other than a manifest when asked for ${image.repository}.`,
            );
        }
        return data;
    }
    if (status === 404) {
        return undefined;
    }
    if (status === 401 || status === 403) {
        throw new CommandError(
            `The registry ${image.host} refuses to show ${image.repository} (${status}): log in with \`gcloud auth login\`, as an account that may read it.`,
        );
    }
    throw new CommandError(`The registry ${image.host} answered ${status} when asked for ${image.repository}.`);
}

/**
 * Makes sure that a registry answers. Whether it accepts a push is not checked.
 * @param uri host and path, as images are named in it
 * @throws CommandError if nothing answers
 */
export async function checkAnswers(uri: string): Promise<void> {
    const host = uri.split("/", 1).join("");
    await ask("HEAD", registryUrl(host), host, undefined);
}

/**
 * Sends a request as Docker does: a registry that requires its own token names the endpoint that exchanges credentials for one.
 * @returns the response of the registry, or of the endpoint if it denies a token
 */
async function askWithToken(url: string, host: string, authorization: string | undefined): Promise<Response> {
    const answer = await ask("GET", url, host, authorization);
    const realm = answer.status === 401 ? tokenUrl(answer.headers.get("www-authenticate") ?? "") : undefined;
    // Credentials leave this machine over TLS only.
    if (realm === undefined || !(realm.startsWith("https://") || isLoopback(host))) {
        return answer;
    }
    const given = await ask("GET", realm, host, authorization);
    const { token, access_token } = tokenSchema.safeParse(given.ok ? await given.json() : undefined).data ?? {};
    const bearer = token ?? access_token;
    return bearer === undefined ? given : ask("GET", url, host, `Bearer ${bearer}`);
}

async function ask(method: "HEAD" | "GET", url: string, host: string, authorization: string | undefined): Promise<Response> {
    const headers = new Headers({ accept: ACCEPT });
    if (authorization !== undefined) {
        headers.set("authorization", authorization);
    }
    return send(url, { method, headers, isLocal: isLoopback(host) }).catch((error: unknown) => {
        throw new CommandError(`The registry ${host} cannot be reached: ${(error as Error).message}.`);
    });
}
