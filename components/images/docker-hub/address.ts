/**
 * Where an image is pulled from: the proxy for one of Docker Hub's, else its own address.
 * @param image by tag or by digest
 * @param proxy address of the proxy; undefined if the stack has none
 */
export function pulledFrom(image: string, proxy: string | undefined): string {
    if (proxy === undefined) {
        return image;
    }
    // The first part is a host only with a dot, a port, or as `localhost`. https://docs.docker.com/reference/cli/docker/image/tag/#description
    const [first = "", ...rest] = image.split("/");
    if (rest.length === 0) {
        return `${proxy}/library/${image}`;
    }
    if (/^(index\.|registry-1\.)?docker\.io$/.test(first)) {
        return pulledFrom(rest.join("/"), proxy);
    }
    return /[.:]/.test(first) || first === "localhost" ? image : `${proxy}/${image}`;
}
