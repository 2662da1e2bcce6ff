/** A pod as a specification renders it; the types of the SDK allow an output at every place, which rendered ones of these tests never have. */
export interface Pod {
    readonly containers: readonly Container[];
    readonly volumes: readonly unknown[];
    readonly [field: string]: unknown;
}

export interface Container {
    readonly env: readonly { readonly name: string; readonly value?: string }[];
    readonly [field: string]: unknown;
}

/** The pod of a Deployment or a Job. */
export function podOf(spec: { readonly template: unknown }): Pod {
    return (spec.template as { spec: Pod }).spec;
}

/** Its one container. */
export function containerOf(spec: { readonly template: unknown }): Container {
    const [container] = podOf(spec).containers;
    if (container === undefined) {
        throw new Error("the pod has no container");
    }
    return container;
}
