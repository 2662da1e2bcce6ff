import type { Provider } from "../provider";
import { findDigest } from "./registry";

const GET_REGISTRY_IMAGE = "docker:index/getRegistryImage:getRegistryImage";

/** A `docker` provider that only looks up images and has no resources. */
export function dockerProvider(): Provider {
    const noResources = (): never => {
        throw new Error(`the sandbox's docker provider has no resources; it has the function ${GET_REGISTRY_IMAGE}`);
    };
    return {
        version: "5.2.0",
        configure: () => undefined,
        check: noResources,
        diff: noResources,
        create: noResources,
        read: noResources,
        update: noResources,
        delete: noResources,
        async invoke(token, { name }) {
            if (token !== GET_REGISTRY_IMAGE) {
                throw new Error(`the sandbox's docker provider has no function ${token}; it has ${GET_REGISTRY_IMAGE}`);
            }
            if (typeof name !== "string") {
                throw new Error('the argument "name" must be the name of an image');
            }
            const digest = await findDigest(name);
            return { id: digest, name, sha256Digest: digest };
        },
    };
}
