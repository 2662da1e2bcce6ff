import { createHash } from "node:crypto";

/** Longest id that Google Cloud takes for a service account. https://cloud.google.com/iam/docs/service-accounts-create */
const LONGEST = 30;

/** Id of a service account: the name itself, or its beginning and a hash of the whole where it is too long. At least 6 characters. */
export function accountId(name: string): string {
    const id = name.length < 6 ? `${name}-account` : name;
    if (id.length <= LONGEST) {
        return id;
    }
    const hash = createHash("sha256").update(id).digest("hex").slice(0, 6);
    return `${id.slice(0, LONGEST - 7).replace(/-+$/, "")}-${hash}`;
}

/** Id of the account that runs the builds of a stack's trigger. */
export const buildAccountId = (stack: string): string => accountId(`build-images-${stack}`);
