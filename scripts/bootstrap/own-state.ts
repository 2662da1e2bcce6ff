import * as fs from "node:fs";
import * as path from "node:path";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { CommandError } from "../command-line/run";
import { inWorkspace, stackOf } from "./workspace";

/** Where the state of the bootstrap program is. */
export interface OwnState {
    /** Address of the backend. */
    readonly backend: string;
    /** The folder of the backend, if the state moves from there into the bucket that the program creates. */
    readonly folder?: string;
}

/**
 * Finds the state: in the backend of `PULUMI_BACKEND_URL`, in the bucket, or, before the bucket exists, in a folder of the program. The folder remains if an earlier run
 * was interrupted.
 * @param bucket backend address of the bucket
 * @param programFolder the folder with `Pulumi.yaml`
 * @throws CommandError if the bucket exists and cannot be read
 */
export async function findOwnState(bucket: string, programFolder: string, program: PulumiFn): Promise<OwnState> {
    const { PULUMI_BACKEND_URL: chosen } = process.env;
    if (chosen !== undefined && chosen !== "") {
        return { backend: chosen };
    }
    const folder = path.join(programFolder, ".bootstrap", bucket.replace("gs://", ""));
    if (!fs.existsSync(folder) && (await exists(bucket, program))) {
        return { backend: bucket };
    }
    fs.mkdirSync(folder, { recursive: true });
    return { backend: `file://${folder}`, folder };
}

async function exists(bucket: string, program: PulumiFn): Promise<boolean> {
    try {
        await inWorkspace(bucket, program, (workspace) => workspace.listStacks());
        return true;
    } catch (error) {
        // Go CDK's error code for a missing bucket, independent of the service's message. https://gocloud.dev/concepts/errors/
        if (error instanceof CommandError && error.message.includes("NotFound")) {
            return false;
        }
        throw error;
    }
}

/** Removes the folder of the state if nothing was ever created with it: otherwise, the next run would prefer it to the state in the bucket. */
export async function forgetUnused({ backend, folder }: OwnState, program: PulumiFn): Promise<void> {
    if (folder !== undefined && fs.existsSync(folder)) {
        const stacks = await inWorkspace(backend, program, (workspace) => workspace.listStacks());
        if (stacks.every(({ resourceCount = 0 }) => resourceCount === 0)) {
            fs.rmSync(folder, { recursive: true });
        }
    }
}

/** Moves the state from its folder into the bucket. After an interruption, the next run repeats it. */
export async function moveState({ backend, folder }: OwnState, bucket: string, environment: string, program: PulumiFn): Promise<void> {
    if (folder === undefined) {
        return;
    }
    const state = await inWorkspace(backend, program, async (workspace) => (await stackOf(workspace, environment)).exportStack());
    await inWorkspace(bucket, program, async (workspace) => (await stackOf(workspace, environment)).importStack(state));
    fs.rmSync(folder, { recursive: true });
}
