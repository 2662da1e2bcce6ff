import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { z } from "zod";

const FOLDER = path.join(__dirname, "../../sandbox/test/cloud/refusals");

const json = z.record(z.string(), z.unknown());
const request = z.strictObject({
    call: z.string().regex(/^(GET|POST|PUT|PATCH|DELETE) [a-z]+\.googleapis\.com\/\S+$/),
    body: json.optional(),
    headers: z.record(z.string(), z.string()).optional(),
    as: z.string().optional(),
});

const refusal = z
    .strictObject({
        message: z.string().min(1),
        answer: z.string().regex(/^(\d{3} \w+|operation \d+)$/),
        cause: z.string().min(1),
        fix: z.string().min(1),
        source: z.url({ protocol: /^https$/ }),
        stack: z.union([
            z.strictObject({ refused: z.strictObject({ edits: json, problem: z.string() }) }),
            z.strictObject({ cannot: z.string() }),
            z.strictObject({ can: z.string() }),
        ]),
        quotas: z.string().optional(),
        given: z.array(request).optional(),
        request: request.optional(),
        twin: request.partial().optional(),
    })
    .refine(
        ({ request, twin, given }) => (request === undefined) === (twin === undefined) && (request !== undefined || given === undefined),
        {
            error: "a request needs a twin, and the other way round",
        },
    );
const service = z.strictObject({ service: z.string(), refusals: z.array(refusal).min(1) });

/** A request that an API of Google refused for a user. `sandbox/test/cloud/refusals/README.md` describes the fields. */
export type Refusal = z.output<typeof refusal>;

/** The refusals of one service. */
export type ServiceRefusals = z.output<typeof service>;

/**
 * Reads the refusals of all services, sorted by the names of their files.
 * @throws Error if a file has an unknown field or lacks one
 */
export function readRefusals(): readonly ServiceRefusals[] {
    const files = readdirSync(FOLDER).filter((file) => file.endsWith(".yaml"));
    return files.sort().map((file) => {
        const { success, data, error } = service.safeParse(parse(readFileSync(path.join(FOLDER, file), "utf8")));
        if (!success) {
            throw new Error(`${file}: ${z.prettifyError(error)}`);
        }
        return data;
    });
}
