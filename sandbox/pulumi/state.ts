import * as fs from "node:fs";
import * as path from "node:path";
import type { Home } from "../home";
import type { Deployment } from "./pending-operations";
import { projectName, stateFolder } from "./stacks";

/** Reads the state of a stack from the sandbox's backend; undefined if the stack was never deployed. */
export function readState(home: Home, stack: string): Deployment | undefined {
    const file = path.join(stateFolder(home), "stacks", projectName(home), `${stack}.json`);
    if (!fs.existsSync(file)) {
        return undefined;
    }
    const { checkpoint } = JSON.parse(fs.readFileSync(file, "utf8")) as { checkpoint: { latest?: Deployment } };
    return checkpoint.latest;
}

/** Returns the URNs of protected resources, which the engine refuses to delete. */
export function protectedUrns(home: Home, stack: string): readonly string[] {
    return (readState(home, stack)?.resources ?? []).filter(({ protect }) => protect === true).map(({ urn }) => urn);
}
