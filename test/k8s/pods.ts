/** A rendered pod. The types of the SDK allow outputs everywhere, but the specifications in these tests have none. */
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

/** Its only container. */
export function containerOf(spec: { readonly template: unknown }): Container {
    const [container] = podOf(spec).containers;
    if (container === undefined) {
        throw new Error("the pod has no container");
    }
    return container;
}
