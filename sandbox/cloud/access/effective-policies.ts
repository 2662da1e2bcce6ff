import type { JsonObject } from "../json";
import type { Ledger } from "../ledger";

/** A resource and the allow policy that is in effect; undefined if it grants nothing. */
export interface PolicyInEffect {
    readonly id: string;
    readonly policy?: JsonObject | undefined;
}

/** The policies in effect. A ledger has them if changes take effect at once. */
export interface Policies {
    list(): readonly PolicyInEffect[];
}

/** A policy before a change. */
interface Superseded extends PolicyInEffect {
    readonly uuid: string;
    /** Time of the change, in milliseconds since the epoch. */
    readonly at: number;
}

/**
 * Allow policies as checks of permissions see them: a change takes effect after a delay. A restart of the daemon ends all delays.
 * https://cloud.google.com/iam/docs/access-change-propagation
 */
export class EffectivePolicies implements Policies {
    private superseded: readonly Superseded[] = [];

    /**
     * @param delayMs in milliseconds
     * @param now returns the time in milliseconds since the epoch. Default: the system's
     */
    constructor(
        private readonly ledger: Ledger,
        private readonly delayMs: number,
        private readonly now = Date.now,
    ) {
        ledger.onPolicyChange(({ id, uuid }, policy) => {
            this.superseded = [...this.inEffect(), { id, uuid, policy, at: this.now() }];
        });
    }

    /** Returns the policies in effect. */
    list(): readonly PolicyInEffect[] {
        const old = new Map<string, PolicyInEffect>();
        for (const one of this.inEffect()) {
            // The oldest is in effect until its own change is.
            old.set(one.uuid, old.get(one.uuid) ?? one);
        }
        return [...this.ledger.list().filter(({ uuid }) => !old.has(uuid)), ...old.values()];
    }

    /** Returns the policies that a change replaced, but that are still in effect; oldest first. */
    private inEffect(): readonly Superseded[] {
        const from = this.now() - this.delayMs;
        return this.superseded.filter(({ at }) => at > from);
    }
}

/**
 * Parses SANDBOX_IAM_DELAY, a number of seconds.
 * @returns milliseconds
 * @throws Error for anything else
 */
export function delayOf(text: string): number {
    if (!/^\d+$/.test(text)) {
        throw new Error(`SANDBOX_IAM_DELAY must be a number of seconds, 0 or more, not "${text}"`);
    }
    return Number(text) * 1000;
}
