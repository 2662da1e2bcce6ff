import { askRegistry, IMAGE_TYPES } from "../../../sandbox/registry/client";
import { sandbox } from "./hooks";

/** Sends a request to the sandbox's registry, with the sandbox's access token. */
export function ask(url: string, init: RequestInit = {}): Promise<Response> {
    return askRegistry(url, init, sandbox().clone.read(".sandbox/token"));
}

/** The content of a registry in its API: every tag with its digest. */
export async function registryContent(registry: string): Promise<Readonly<Record<string, string>>> {
    const { repositories } = (await get(`http://${registry}/v2/_catalog`)) as { repositories: readonly string[] };
    const tags = await Promise.all(
        repositories.map(async (repository) => {
            const { tags } = (await get(`http://${registry}/v2/${repository}/tags/list`)) as { tags: readonly string[] | null };
            return Promise.all((tags ?? []).map(async (tag) => [`${repository}:${tag}`, await digest(registry, repository, tag)] as const));
        }),
    );
    return Object.fromEntries(tags.flat());
}

/** The digest that the registry serves for a tag or a digest. */
export async function digest(registry: string, repository: string, reference: string): Promise<string> {
    const url = `http://${registry}/v2/${repository}/manifests/${reference}`;
    const response = await ask(url, { method: "HEAD", headers: { accept: IMAGE_TYPES } });
    if (!response.ok) {
        throw new Error(`${repository}:${reference} answered ${response.status}`);
    }
    return response.headers.get("docker-content-digest") ?? "";
}

async function get(url: string): Promise<unknown> {
    const response = await ask(url);
    if (!response.ok) {
        throw new Error(`${url} answered ${response.status}`);
    }
    return response.json();
}
