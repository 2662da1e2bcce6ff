import type { Provider, Target } from "../../provider";
import { RELEASE } from "./releases";

/** Returns a provider of Kubernetes objects that delegates Helm releases to another provider. */
export function withReleases(objects: Provider, releases: Provider): Provider {
    const of = ({ type }: Target): Provider => (type === RELEASE ? releases : objects);
    return {
        version: objects.version,
        checkConfig: (request) => objects.checkConfig?.(request) ?? { inputs: request.inputs, failures: [] },
        diffConfig: (request) => objects.diffConfig?.(request) ?? { changes: [] },
        configure: async (config) => {
            await objects.configure(config);
            await releases.configure(config);
        },
        check: (request) => of(request).check(request),
        diff: (request) => of(request).diff(request),
        create: (request) => of(request).create(request),
        read: (request) => of(request).read(request),
        update: (request) => of(request).update(request),
        delete: (request) => of(request).delete(request),
    };
}
