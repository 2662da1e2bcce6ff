/** A registry's content, as far as its API tells: every tag and its digest. */
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

/** The digest that the registry serves for a tag, or for a digest. */
export async function digest(registry: string, repository: string, reference: string): Promise<string> {
    const accept = "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json";
    const response = await fetch(`http://${registry}/v2/${repository}/manifests/${reference}`, { method: "HEAD", headers: { accept } });
    if (!response.ok) throw new Error(`${repository}:${reference} answered ${String(response.status)}`);
    return response.headers.get("docker-content-digest") ?? "";
}

async function get(url: string): Promise<unknown> {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${url} answered ${String(response.status)}`);
    return response.json();
}
