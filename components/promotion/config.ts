import { z } from "zod";

import type { DeepReadonly } from "../config/fields";

const reason = z.string().regex(/\S/, "must not be empty");

/** Severities of Artifact Analysis, in rising order. https://cloud.google.com/artifact-analysis/docs/severity-levels */
export const SEVERITIES = ["MINIMAL", "LOW", "MEDIUM", "HIGH", "CRITICAL"] as const;

export const promotionSchema = z.strictObject({
    unverified: z
        .array(
            z.strictObject({
                image: z
                    .string()
                    .describe("Name of the image in the release")
                    .meta({ examples: ["redis"] }),
                reason: reason.describe("Why it is accepted").meta({ examples: ["the vendor publishes no provenance"] }),
            }),
        )
        .default([])
        .describe(
            "Images that a promotion to this stack accepts although their provenance is missing, unknown or not as expected, or the result of their scan is unknown",
        ),
    severity: z
        .enum(SEVERITIES)
        .default("CRITICAL")
        .describe("Lowest effective severity of the vulnerabilities that a promotion to this stack refuses"),
    vulnerabilities: z
        .array(
            z.strictObject({
                id: z
                    .string()
                    .describe("Name of the vulnerability")
                    .meta({ examples: ["CVE-2026-12345"] }),
                reason: reason.describe("Why it is accepted").meta({ examples: ["the service parses no XML"] }),
                until: z.iso
                    .date('must be a date such as "2027-03-31"')
                    .describe("Last day on which it is accepted, in UTC, in quotes")
                    .meta({ examples: ["2027-03-31"] }),
            }),
        )
        .default([])
        .describe("Vulnerabilities that a promotion to this stack accepts until a day"),
});

/** Conditions of a promotion to the stack, with exceptions. It has no derived defaults. Only `npm run promote` reads it. */
export const resolvePromotion = (promotion: z.output<typeof promotionSchema>) => promotion;
export type PromotionConfig = DeepReadonly<ReturnType<typeof resolvePromotion>>;
