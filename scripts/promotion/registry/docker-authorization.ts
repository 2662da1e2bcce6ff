import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { text } from "node:stream/consumers";
import { z } from "zod";

const configSchema = z.object({
    credsStore: z.string().optional(),
    credHelpers: z.record(z.string(), z.string()).default({}),
    auths: z.record(z.string(), z.object({ auth: z.string().optional() })).default({}),
});
const credentialsSchema = z.object({ Username: z.string(), Secret: z.string() });

/**
 * The authorization header from Docker's configuration for a registry; undefined without credentials.
 * https://docs.docker.com/reference/cli/docker/login/#credential-stores
 */
export async function dockerAuthorization(host: string): Promise<string | undefined> {
    const file = path.join(process.env.DOCKER_CONFIG ?? path.join(os.homedir(), ".docker"), "config.json");
    const { data } = configSchema.safeParse(
        await readFile(file, "utf8")
            .then(JSON.parse)
            .catch(() => undefined),
    );
    const helper = data?.credHelpers[host] ?? data?.credsStore;
    const auth = helper === undefined ? data?.auths[host]?.auth : await credentials(helper, host).catch(() => undefined);
    return auth === undefined ? undefined : `Basic ${auth}`;
}

/** @throws Error if the helper does not exist, or has no credentials for the host */
async function credentials(helper: string, host: string): Promise<string> {
    const child = spawn(`docker-credential-${helper}`, ["get"], { stdio: ["pipe", "pipe", "ignore"] });
    // A helper may exit without reading its input; that alone is not an error.
    child.stdin.on("error", () => undefined);
    child.stdin.end(`${host}\n`);
    const [output] = await Promise.all([text(child.stdout), once(child, "close")]);
    const { Username, Secret } = credentialsSchema.parse(JSON.parse(output));
    return Buffer.from(`${Username}:${Secret}`).toString("base64");
}
