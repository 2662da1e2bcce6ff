/**
 * Returns the full resource name for a reference by name, ID or URL.
 * @param full builds the full name from a short name
 */
export function fullName(reference: string, full: (name: string) => string): string {
    const id = reference.replace(/^(https:\/\/[^/]+\/(compute\/)?v\d+\/|\/\/[^/]+\/)/, "");
    return id.includes("/") ? id : full(id);
}

/** Returns the last segment of a resource name. */
export function shortName(reference: string): string {
    return reference.slice(reference.lastIndexOf("/") + 1);
}

/** Returns a resource name without its last segment, such as the collection of a resource. */
export function parentOf(name: string): string {
    return name.slice(0, name.lastIndexOf("/"));
}
