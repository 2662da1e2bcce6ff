import type * as gcp from "@pulumi/gcp";

/**
 * An image by digest as Artifact Registry's API names it; undefined for an image of another registry. A mirror keeps the address in its path:
 * `mirror.example.com/us-central1-docker.pkg.dev/…`. https://cloud.google.com/artifact-registry/docs/docker/names
 * @param reference `LOCATION-docker.pkg.dev/PROJECT/REPOSITORY/IMAGE@sha256:…`
 */
export function artifactRegistryImage(reference: string): gcp.artifactregistry.GetDockerImageArgs | undefined {
    const address = /^(?:[^/]+\/)?([a-z0-9-]+)-docker\.pkg\.dev\/((?:[^/]+\.[^/]+\/)?[^/]+)\/([^/]+)\/([^@]+@sha256:[0-9a-f]{64})$/;
    const [, location, project, repositoryId, imageName] = address.exec(reference) ?? [];
    if (location === undefined || project === undefined || repositoryId === undefined || imageName === undefined) {
        return undefined;
    }
    // A project of a domain, `example.com:project`, has a slash in addresses.
    return { location, project: project.replace("/", ":"), repositoryId, imageName };
}
