import { z } from "zod";
import { poolSchema } from "../../cluster/pools/config";

export const project = z.string().min(1, "must name a project").describe("The Google Cloud project");

/** What runs, and where, of every workload. */
export const workload = {
    project,
    pool: poolSchema.describe("The GPU pool that its pods land on, as the cluster was given it"),
    device: z.enum(["cpu", "cuda"]).default("cpu").describe("What the image computes on"),
};

export const namespace = z.string().describe("Namespace in the cluster, which exists");

export const image = z
    .string()
    .regex(/^[^@\s]+@sha256:[0-9a-f]{64}$/, "must be name@sha256:… with 64 hexadecimal digits")
    .describe("Image by digest, name@sha256:…");
