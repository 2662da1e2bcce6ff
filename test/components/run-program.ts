import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { RawConfig } from "../../components/config/handed-over";
import { valueOf } from "./recorded";

const PROGRAM = path.join(__dirname, "..", "..", "index.ts");

/**
 * Runs index.ts with the configuration of a stack, against the mocks that the caller has set, and returns its outputs. Each run loads the program again. Runs
 * must not overlap: mocks and configuration belong to the process.
 */
export async function runProgram(config: RawConfig): Promise<Record<string, unknown>> {
    const texts = Object.entries(config).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]);
    pulumi.runtime.setAllConfig(Object.fromEntries(texts) as Record<string, string>);
    Reflect.deleteProperty(require.cache, PROGRAM);
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would be cached
    const program = require(PROGRAM) as () => Promise<Record<string, unknown>>;
    const exported = await valueOf(await program());
    await pulumi.runtime.disconnect();
    return exported;
}
