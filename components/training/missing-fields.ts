import type { z } from "zod";

import { meantKey } from "../config/remedies/meaning";

/** The fields without a default that each run needs, its own or the section's. */
const NEEDED = ["pool", "checkpoints"] as const;

/** The section as far as it could be read. A refused field has its original value. */
interface Read {
    readonly pool?: unknown;
    readonly checkpoints?: unknown;
    readonly runs?: unknown;
    readonly tensorboard?: unknown;
}

/** Reports the pool and the checkpoints of each run that has neither its own nor the section's, and the checkpoints that TensorBoard reads. */
export function reportMissing(section: Read, context: z.core.$RefinementCtx<Read>): void {
    const missing = (path: PropertyKey[]) => {
        context.addIssue({ code: "custom", path, input: undefined, message: "is missing" });
    };
    for (const field of NEEDED.filter((name) => section[name] === undefined && !isMisspelled(name, context))) {
        if (!Array.isArray(section.runs) || (field === "checkpoints" && section.tensorboard === true)) {
            missing([field]);
            continue;
        }
        for (const [index, run] of (section.runs as readonly unknown[]).entries()) {
            if (typeof run === "object" && run !== null && (run as Read)[field] === undefined) {
                missing(["runs", index, field]);
            }
        }
    }
}

/** Whether an unknown key of the section is a misspelled field, which is one problem. */
const isMisspelled = (field: (typeof NEEDED)[number], { issues }: z.core.$RefinementCtx<Read>): boolean =>
    issues.some(
        (issue) =>
            issue.code === "unrecognized_keys" &&
            (issue.path ?? []).length === 0 &&
            issue.keys.some((key) => meantKey(key, NEEDED) === field),
    );
