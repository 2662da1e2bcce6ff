import * as fs from "node:fs";
import * as path from "node:path";
import { z } from "zod";
import { keyOf } from "../../../components/config/problem";
import { stackConfigIfReadable } from "../../../components/stack-file/stack-file";
import { gitRepository } from "./statement";

const buildSchema = z.object({
    connection: z.object({ remoteUri: z.string() }).optional(),
    github: z.object({ owner: z.string(), name: z.string() }).optional(),
});

/** Addresses of the repositories that the stacks of a folder build, from the section `build` of their files; empty if no stack has a trigger. */
export function teamRepositories(folder: string): readonly string[] {
    const files = fs.readdirSync(folder).filter((file) => /^Pulumi\..+\.yaml$/.test(file));
    const sources = files.flatMap((file) => {
        const { connection, github } = buildSchema.safeParse(stackConfigIfReadable(path.join(folder, file))?.[keyOf("build")]).data ?? {};
        return [connection?.remoteUri, github && `https://github.com/${github.owner}/${github.name}`];
    });
    return [...new Set(sources.flatMap((source) => gitRepository(`git+${source ?? ""}`) ?? []))];
}
