import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";

/** The part of GitHub's syntax that these workflows use. https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax */
export interface Step {
    readonly id?: string;
    readonly if?: string;
    readonly uses?: string;
    readonly run?: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly with?: Readonly<Record<string, unknown>>;
}

export interface Job {
    readonly uses?: string;
    readonly needs?: string | readonly string[];
    readonly if?: string;
    readonly with?: Readonly<Record<string, unknown>>;
    readonly steps?: readonly Step[];
    readonly env?: Readonly<Record<string, string>>;
    readonly outputs?: Readonly<Record<string, string>>;
    readonly permissions?: Readonly<Record<string, string>>;
    readonly environment?: string;
    readonly concurrency?: { readonly group: string; readonly "cancel-in-progress": boolean };
    readonly "timeout-minutes"?: number;
}

export interface Workflow {
    readonly on: Readonly<Record<string, unknown>>;
    readonly permissions: unknown;
    readonly jobs: Readonly<Record<string, Job>>;
}

const FOLDER = path.join(__dirname, "../../.github/workflows");

/** Names of the files. */
export const workflowFiles = (): readonly string[] => fs.readdirSync(FOLDER);
export const workflowText = (file: string): string => fs.readFileSync(path.join(FOLDER, file), "utf8");
export const workflow = (file: string): Workflow => parse(workflowText(file)) as Workflow;
