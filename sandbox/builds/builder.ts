import { spawnSync } from "node:child_process";
import { ApiError, invalid } from "../cloud/api/api-error";
import type { Builder } from "../cloud/handlers/cloud-build/builds";
import type { JsonObject } from "../cloud/json";
import type { Entry } from "../cloud/ledger";
import { runningDaemon } from "../daemon/client";
import type { Home } from "../home";
import { tokenOf } from "../identity/impersonate";
import { pulumiEnvironment } from "../pulumi/environment";
import { buildkitAddress } from "../registry/buildkit";
import { BuildRecords, buildsFolder } from "./records";
import { type BuildSite, startBuild } from "./run-build";
import { readTriggers } from "./trigger";

/** Returns what the builds of a sandbox need. */
export function buildSite(home: Home): BuildSite {
    const env = { ...pulumiEnvironment(home, process.env), BUILDKIT_HOST: buildkitAddress(home) };
    const token = async (email: string): Promise<string> => tokenOf(home, await runningDaemon(home), email);
    return { home, env, records: new BuildRecords(buildsFolder(home)), tokenOf: token };
}

/** Runs the builds that clients of Cloud Build's API start. The repository of each trigger is the clone: all its commits count as pushed. */
export function sandboxBuilder(site: BuildSite): Builder {
    return {
        list: () => site.records.list(),
        start(entry: Entry, commit: string): JsonObject {
            if (!hasCommit(site, commit)) {
                throw new ApiError("FAILED_PRECONDITION", `Couldn't read commit ${commit}`);
            }
            try {
                const [trigger] = readTriggers([entry]);
                if (trigger === undefined) {
                    throw new Error(`${entry.id} is not a trigger`);
                }
                const { build, ended } = startBuild(site, trigger, { kind: "branch", name: "", commit, files: [] });
                // The record has the result.
                ended.catch(() => undefined);
                return build;
            } catch (error) {
                throw invalid((error as Error).message);
            }
        },
    };
}

/** Handlers of the API are synchronous, so this is too. Git answers at once. */
function hasCommit({ home, env }: BuildSite, commit: string): boolean {
    return spawnSync("git", ["cat-file", "-e", `${commit}^{commit}`], { cwd: home.clone, env, stdio: "ignore" }).status === 0;
}
