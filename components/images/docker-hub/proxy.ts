import { pulledFrom } from "./address";
import type { ImageRecipe } from "../image-recipe";

/**
 * A recipe with its base images from a proxy of Docker Hub, which limits anonymous pulls by address. The Dockerfiles receive the address as
 * `DOCKER_HUB`. A base image in the stack file and the scanner of the SBOM are rewritten if they are on Docker Hub.
 * @param proxy address of the proxy; undefined if the stack has none
 */
export function throughProxy(recipe: ImageRecipe, proxy: string | undefined): ImageRecipe {
    if (proxy === undefined) {
        return recipe;
    }
    const { BASE_IMAGE: base, ...buildArgs } = recipe.buildArgs;
    const proxied = base === undefined ? {} : { BASE_IMAGE: pulledFrom(base, proxy) };
    const sbomScanner = recipe.sbomScanner && pulledFrom(recipe.sbomScanner, proxy);
    return { ...recipe, buildArgs: { DOCKER_HUB: proxy, ...buildArgs, ...proxied }, sbomScanner };
}
