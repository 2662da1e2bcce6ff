import * as path from "node:path";
import type { Home } from "../home";
import { onPath } from "../host/command";
import { run } from "./run";

/**
 * `npm run sandbox -- gcloud …`: runs the Google Cloud CLI of this machine with the sandbox's APIs and project.
 * @param as email of the service account that calls Google's APIs. Default: the sandbox's owner
 * @throws Error if gcloud is not installed
 */
export async function gcloud(home: Home, args: readonly string[], as?: string): Promise<number> {
    if (onPath("gcloud") === undefined) {
        throw new Error(
            "gcloud is not on the PATH of the sandbox. Install it: https://cloud.google.com/sdk/docs/install\n" +
                "If the sandbox runs in Docker, use the gcloud of your machine:\n" +
                '  eval "$(npm run --silent sandbox -- env)"\n' +
                `  gcloud ${args.join(" ")}`,
        );
    }
    return run(home, ["gcloud", ...args], as, {
        // `container clusters get-credentials` writes it. `npm run sandbox -- kubectl` replaces it.
        KUBECONFIG: path.join(home.run, "kubeconfig"),
    });
}
