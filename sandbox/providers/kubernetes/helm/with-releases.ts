import type { Provider, Target } from "../../provider";
import type { Properties } from "../../property-values";
import { RELEASE } from "./releases";

/** A provider of Kubernetes objects that delegates Helm releases to another provider. */
export class WithReleases implements Provider {
    readonly version: string;

    constructor(
        private readonly objects: Provider,
        private readonly releases: Provider,
    ) {
        this.version = objects.version;
    }

    checkConfig(request: Parameters<NonNullable<Provider["checkConfig"]>>[0]) {
        return this.objects.checkConfig?.(request) ?? { inputs: request.inputs, failures: [] };
    }

    diffConfig(request: Parameters<NonNullable<Provider["diffConfig"]>>[0]) {
        return this.objects.diffConfig?.(request) ?? { changes: [] };
    }

    async configure(config: Properties): Promise<void> {
        await this.objects.configure(config);
        await this.releases.configure(config);
    }

    check(request: Parameters<Provider["check"]>[0]) {
        return this.of(request).check(request);
    }

    diff(request: Parameters<Provider["diff"]>[0]) {
        return this.of(request).diff(request);
    }

    create(request: Parameters<Provider["create"]>[0]) {
        return this.of(request).create(request);
    }

    read(request: Parameters<Provider["read"]>[0]) {
        return this.of(request).read(request);
    }

    update(request: Parameters<Provider["update"]>[0]) {
        return this.of(request).update(request);
    }

    delete(request: Parameters<Provider["delete"]>[0]) {
        return this.of(request).delete(request);
    }

    private of({ type }: Target): Provider {
        return type === RELEASE ? this.releases : this.objects;
    }
}
