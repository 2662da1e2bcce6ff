import { z } from "zod";
import { imageByDigest } from "../../config/fields";
import { poolSchema } from "../../cluster/pools/config";

export const project = z.string().min(1, "must name a project").describe("The Google Cloud project");

/** Inputs that all workloads have. */
export const workload = {
    project,
    pool: poolSchema.describe("The GPU pool of its pods, with the same settings as in the cluster"),
    device: z.enum(["cpu", "cuda"]).default("cpu").describe("Device that the image computes on"),
};

export const namespace = z.string().describe("Existing namespace in the cluster");

export const image = imageByDigest.describe("Image by digest, name@sha256:…");
