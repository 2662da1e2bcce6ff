import { KubeClient } from "./client";

/** Address and credentials of a simulated cluster's API server. */
export interface Endpoint {
    readonly port: number;
    /** Certificate of the cluster's authority, as PEM. */
    readonly ca: string;
    /** Bearer token of an administrator. */
    readonly token: string;
}

type PatchType = "merge-patch" | "strategic-merge-patch" | "json-patch" | "apply-patch";

/**
 * A path-based client of a simulated cluster's Kubernetes API on 127.0.0.1. All methods throw ApiError if the API server rejects the
 * request.
 */
export class KubeApi extends KubeClient {
    constructor({ port, ca, token }: Endpoint) {
        super({
            server: `https://127.0.0.1:${port}`,
            certificateAuthority: ca,
            skipVerification: false,
            credential: { kind: "token", token },
        });
    }

    async create<T>(path: string, body: object): Promise<T> {
        return (await this.send<T>({ method: "POST", path, body })).body;
    }

    async patch<T>(path: string, type: PatchType, body: object, query?: Readonly<Record<string, string>>): Promise<T> {
        const contentType = `application/${type}+${type === "apply-patch" ? "yaml" : "json"}`;
        return (await this.send<T>({ method: "PATCH", path, body, contentType, query })).body;
    }

    /** Creates or updates the object (server-side apply). */
    apply<T>(path: string, object: object): Promise<T> {
        return this.patch<T>(path, "apply-patch", object, { fieldManager: "ml-platform-sandbox", force: "true" });
    }
}
