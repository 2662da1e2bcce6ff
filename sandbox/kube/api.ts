import { KubeClient } from "./client";
import { isNotFound } from "./errors";

/** How to reach the API server of a simulated cluster. */
export interface Endpoint {
    readonly port: number;
    /** PEM of the authority that signed its certificate. */
    readonly ca: string;
    /** Bearer token of an administrator. */
    readonly token: string;
}

type PatchType = "merge-patch" | "strategic-merge-patch" | "json-patch" | "apply-patch";

/** The Kubernetes API of a simulated cluster at 127.0.0.1, by paths. All methods throw ApiError if the API server refuses. */
export class KubeApi extends KubeClient {
    constructor({ port, ca, token }: Endpoint) {
        super({
            server: `https://127.0.0.1:${port}`,
            certificateAuthority: ca,
            skipVerification: false,
            credential: { kind: "token", token },
        });
    }

    async get<T>(path: string): Promise<T> {
        return (await this.send<T>({ method: "GET", path })).body;
    }

    /** The object, or undefined if it does not exist. */
    find<T>(path: string): Promise<T | undefined> {
        return this.get<T>(path).catch(undefinedIfMissing);
    }

    async create<T>(path: string, body: object): Promise<T> {
        return (await this.send<T>({ method: "POST", path, body })).body;
    }

    async patch<T>(path: string, type: PatchType, body: object, query?: Readonly<Record<string, string>>): Promise<T> {
        const contentType = `application/${type}+${type === "apply-patch" ? "yaml" : "json"}`;
        return (await this.send<T>({ method: "PATCH", path, body, contentType, query })).body;
    }

    /** Creates the object, or changes it to what is given (server-side apply). */
    apply<T>(path: string, object: object): Promise<T> {
        return this.patch<T>(path, "apply-patch", object, { fieldManager: "ml-platform-sandbox", force: "true" });
    }

    /** Deletes the object if it exists. */
    async delete(path: string, body?: object): Promise<void> {
        await this.send({ method: "DELETE", path, body }).catch(undefinedIfMissing);
    }
}

function undefinedIfMissing(error: unknown): undefined {
    if (!isNotFound(error)) {
        throw error;
    }
    return undefined;
}
