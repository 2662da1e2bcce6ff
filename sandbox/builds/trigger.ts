import { z } from "zod";
import { TRIGGER } from "../cloud/handlers/cloud-build/triggers";

const step = z.strictObject({
    id: z.string(),
    name: z.string(),
    dir: z.string().optional(),
    args: z.array(z.string()),
    waitFor: z.array(z.string()).default([]),
});
/** A build step, with the API's field names. */
export type Step = Readonly<z.output<typeof step>>;

const pattern = z.union([z.strictObject({ branch: z.string() }), z.strictObject({ tag: z.string() })]);

/** Trigger fields that the sandbox supports. Strict, because a trigger with other fields would behave differently in Cloud Build. */
const trigger = z.strictObject({
    name: z.string(),
    description: z.string().optional(),
    serviceAccount: z.string().optional(),
    approvalConfig: z.strictObject({ approvalRequired: z.boolean().optional() }).optional(),
    github: z.strictObject({ owner: z.string(), name: z.string(), push: pattern }).optional(),
    repositoryEventConfig: z.strictObject({ repository: z.string(), push: pattern }).optional(),
    includedFiles: z.array(z.string()).default([]),
    build: z.strictObject({
        steps: z.array(step),
        images: z.array(z.string()).default([]),
        tags: z.array(z.string()).default([]),
        timeout: z.string().regex(/^\d+s$/),
        // Ignored: the sandbox has one machine and one log, and always makes provenance for the images that a build lists.
        options: z.strictObject({ logging: z.string(), machineType: z.string(), requestedVerifyOption: z.string().optional() }),
    }),
});
/** A build trigger. */
export type Trigger = Readonly<z.output<typeof trigger>> & { readonly id: string; readonly project: string; readonly location: string };

/**
 * Returns the build triggers of the simulated cloud, oldest first.
 * @param ledger resources of the simulated cloud
 * @throws Error that names the first unsupported field
 */
export function readTriggers(ledger: readonly { readonly type: string; readonly id: string; readonly inputs: unknown }[]): Trigger[] {
    return ledger
        .filter(({ type }) => type === TRIGGER)
        .map(({ id: resource, inputs }) => {
            const { data, error } = trigger.safeParse(inputs);
            const [, project = "", , location = "", , id = ""] = resource.split("/");
            if (data !== undefined) {
                return { ...data, id, project, location };
            }
            const [issue] = error.issues;
            const name = z.object({ name: z.string() }).safeParse(inputs).data?.name ?? "without a name";
            throw new Error(
                `The trigger ${name} uses a field that the sandbox does not support: ${[...(issue?.path ?? []), issue?.message].join(": ")}`,
            );
        });
}
