import { expect } from "chai";
import { Clone, type Ended } from "./clone";

/** The deployment of the first `npm start`. All tests of this folder share its sandbox, and restore what they change. */
export interface Started {
    readonly clone: Clone;
    readonly start: Ended;
}

let started: Started | undefined;

/** The clone with the deployed stack. */
export function sandbox(): Started {
    if (started === undefined) {
        throw new Error("the sandbox was not started: is hooks.ts required?");
    }
    return started;
}

export const mochaHooks = {
    async beforeAll(this: Mocha.Context): Promise<void> {
        this.timeout(40 * 60_000); // Compiles the tools if they are not cached.
        const clone = new Clone();
        const start = await clone.npm("start");
        started = { clone, start };
        expect(start.code, start.output).to.equal(0);
    },
    async afterAll(this: Mocha.Context): Promise<void> {
        this.timeout(5 * 60_000);
        if (started === undefined) {
            return;
        }
        await started.clone.npm("run", "sandbox:stop");
        started.clone.remove();
    },
};
