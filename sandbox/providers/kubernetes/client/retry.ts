import { setTimeout as sleep } from "node:timers/promises";
import { UnknownKindError } from "./discovery";
import { ApiError } from "../../../kube/errors";

/** Whether an error disappears by itself shortly after something else was created in the same update. */
export function isTransient(error: unknown): boolean {
    if (error instanceof UnknownKindError) {
        return true;
    }
    if (!(error instanceof ApiError)) {
        return false;
    }
    const { message } = error;
    if (error.code === 403) {
        return message.includes("error looking up service account");
    }
    return error.code === 500 && /failed calling webhook.*(connection refused|no endpoints available|i\/o timeout)/.test(message);
}

/** Retries for at most `seconds` while the error is transient. */
export async function retryTransient<T>(seconds: number, signal: AbortSignal, attempt: () => Promise<T>): Promise<T> {
    const end = Date.now() + seconds * 1000;
    for (;;) {
        try {
            return await attempt();
        } catch (error) {
            if (!isTransient(error) || Date.now() > end || signal.aborted) {
                throw error;
            }
            await sleep(500, undefined, { signal });
        }
    }
}
