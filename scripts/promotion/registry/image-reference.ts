import { CommandError } from "../../command-line/run";

/** The parts of `host/repository@sha256:…`. */
export interface ImageReference {
    readonly host: string;
    readonly repository: string;
    readonly digest: string;
}

/**
 * A name without a registry is one of Docker Hub, and a single word one of its official images.
 * https://docs.docker.com/reference/cli/docker/image/tag/#description
 * @throws CommandError if the reference has no digest
 */
export function parseReference(reference: string): ImageReference {
    const [, name, digest] = /^([^@\s]+)@(sha256:[0-9a-f]{64})$/.exec(reference) ?? [];
    if (name === undefined || digest === undefined) {
        throw new CommandError(`${reference} is not an image by digest (name@sha256:… with 64 hexadecimal digits).`);
    }
    const [, host, repository] = /^([^/]*[.:][^/]*|localhost)\/(.+)$/.exec(name) ?? [];
    if (host !== undefined && repository !== undefined && host !== "docker.io") {
        return { host, repository, digest };
    }
    const named = repository ?? name;
    return { host: DOCKER_HUB, repository: named.includes("/") ? named : `library/${named}`, digest };
}

/** Host of Docker Hub's API. */
const DOCKER_HUB = "registry-1.docker.io";

/** Address of a manifest of the image's repository: of the image itself, or of a tag. */
export const manifestUrl = ({ host, repository, digest }: ImageReference, tag = digest): string =>
    `${registryUrl(host)}${repository}/manifests/${tag}`;

/** Base address of a registry's API. As in Docker, loopback addresses use plain HTTP. */
export function registryUrl(host: string): string {
    return `${isLoopback(host) ? "http" : "https"}://${host}/v2/`;
}

/** Whether a host is this machine. */
export const isLoopback = (host: string): boolean => /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/.test(host);

/** Whether a host is Artifact Registry or its predecessor, where Google's access tokens are the password. */
export const isGoogleRegistry = (host: string): boolean => /(^|-)docker\.pkg\.dev$|^([a-z]+\.)?gcr\.io$/.test(host);

/** An image of Artifact Registry, as Artifact Analysis names it. */
export interface AnalysedImage {
    /** Project of the repository. */
    readonly project: string;
    /** Address of the image without its digest, `https://LOCATION-docker.pkg.dev/PROJECT/REPOSITORY/IMAGE`. */
    readonly url: string;
}

/**
 * An image that Artifact Analysis can know; undefined for an image of another registry. A mirror keeps the address in its path.
 * https://cloud.google.com/artifact-analysis/docs/investigate-vulnerabilities
 */
export function analysedImage(reference: string): AnalysedImage | undefined {
    const address = /^(?:[^/]+\/)?((?:[a-z0-9-]+-docker\.pkg\.dev|(?:[a-z]+\.)?gcr\.io)\/((?:[^/]+\.[^/]+\/)?[^/]+)\/[^@]+)@/;
    const [, name, project] = address.exec(reference) ?? [];
    // A project of a domain, `example.com:project`, has a slash in addresses.
    return name === undefined || project === undefined ? undefined : { project: project.replace("/", ":"), url: `https://${name}` };
}
