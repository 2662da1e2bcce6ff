import { pulledFrom } from "./docker-hub-address";
import type { ImageRecipe } from "./image-recipe";

/**
 * A recipe with its base images from a proxy of Docker Hub, which limits anonymous pulls by address. The Dockerfiles take the address as `DOCKER_HUB`; a base image of the
 * stack file is rewritten where it is one of Docker Hub's.
 * @param proxy address of the proxy; undefined if the stack has none
 */
export function throughProxy(recipe: ImageRecipe, proxy: string | undefined): ImageRecipe {
    if (proxy === undefined) {
        return recipe;
    }
    const { BASE_IMAGE: base, ...buildArgs } = recipe.buildArgs;
    const proxied = base === undefined ? {} : { BASE_IMAGE: pulledFrom(base, proxy) };
    return { ...recipe, buildArgs: { DOCKER_HUB: proxy, ...buildArgs, ...proxied } };
}
