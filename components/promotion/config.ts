import { z } from "zod";

import type { DeepReadonly } from "../config/fields";

const reason = z.string().regex(/\S/, "must not be empty");

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
        .describe("Images that a promotion to this stack accepts although their provenance is missing, unknown or not as expected"),
});

/** What a promotion to the stack accepts. It has no derived defaults. Only `npm run promote` reads it. */
export const resolvePromotion = (promotion: z.output<typeof promotionSchema>) => promotion;
export type PromotionConfig = DeepReadonly<ReturnType<typeof resolvePromotion>>;
