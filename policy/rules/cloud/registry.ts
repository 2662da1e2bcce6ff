import { typeRule, type Inputs } from "../../inputs";
import type { Finding, Resource } from "../../rule";

type Repository = Inputs<"gcp:artifactregistry/repository:Repository">;

/** Whether the repository stores pushed images. Remote and virtual repositories do not. */
function isStandard({ mode }: Repository): boolean {
    return mode === undefined || mode === "STANDARD_REPOSITORY";
}

/** Whether the repository is a cache: its cleanup policies delete by age and keep nothing. */
function isCache({ cleanupPolicies }: Repository): boolean {
    return cleanupPolicies !== undefined && cleanupPolicies.length > 0 && cleanupPolicies.every(({ action }) => action === "DELETE");
}

export function cleanedUp(repository: Repository): Finding {
    return isStandard(repository) && (repository.cleanupPolicies ?? []).length === 0
        ? "Every image that was ever pushed is kept and billed."
        : undefined;
}

export function protectedRegistry(repository: Repository, { opts }: Resource): Finding {
    return isStandard(repository) && !isCache(repository) && !opts.protect
        ? "The repository, with the images that production runs, can be deleted by mistake: it is not protected."
        : undefined;
}

export const registryPolicies = [
    typeRule("gcp:artifactregistry/repository:Repository", {
        name: "registry-cleanup",
        description: "Repositories clean up after themselves.",
        remedy: "Give the repository cleanupPolicies.",
        check: cleanedUp,
    }),
];

export const productionRegistryPolicies = [
    typeRule("gcp:artifactregistry/repository:Repository", {
        name: "registry-protected",
        description: "The repository of production images cannot be deleted by mistake.",
        remedy: "Set protect: true on the resource.",
        check: protectedRegistry,
    }),
];
