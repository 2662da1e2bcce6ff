import type { ImageRecipe } from "./image-recipe";

/**
 * A recipe with its base images from a proxy of Docker Hub, which limits anonymous pulls by address. The Dockerfiles take the address as `DOCKER_HUB`; a base image of the
 * stack file is rewritten where it is one of Docker Hub's.
 * @param proxy address of the proxy; undefined where the stack has none
 */
export function throughProxy(recipe: ImageRecipe, proxy: string | undefined): ImageRecipe {
    if (proxy === undefined) {
        return recipe;
    }
    const { BASE_IMAGE: base, ...buildArgs } = recipe.buildArgs;
    const proxied = base === undefined ? {} : { BASE_IMAGE: addressed(base, proxy) };
    return { ...recipe, buildArgs: { DOCKER_HUB: proxy, ...buildArgs, ...proxied } };
}

/** https://docs.docker.com/reference/cli/docker/image/tag/#description: the first part is a host only with a dot, a port, or as `localhost`. */
function addressed(image: string, proxy: string): string {
    const [first = "", ...rest] = image.split("/");
    if (rest.length === 0) {
        return `${proxy}/library/${image}`;
    }
    if (/^(index\.|registry-1\.)?docker\.io$/.test(first)) {
        return addressed(rest.join("/"), proxy);
    }
    return /[.:]/.test(first) || first === "localhost" ? image : `${proxy}/${image}`;
}
