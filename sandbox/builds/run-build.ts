import { randomUUID } from "node:crypto";
import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";
import { numbered } from "../cloud/api/projects";
import type { JsonObject, JsonValue } from "../cloud/json";
import { shortName } from "../cloud/resource-name";
import type { Home } from "../home";
import type { Pushed } from "./pushed";
import { type BuildRecords, digestIn } from "./records";
import { type BuilderStep, builderSteps, variables } from "./steps";
import type { Trigger } from "./trigger";
import { withCommit } from "./work-tree";

/** A build that has started. */
export interface StartedBuild {
    /** As Cloud Build's API returns it. */
    readonly build: JsonObject;
    readonly steps: readonly BuilderStep[];
    /** Resolves with the exit status when the build has ended. */
    readonly ended: Promise<number>;
}

/** What builds need. */
export interface BuildSite {
    readonly home: Home;
    readonly records: BuildRecords;
    /** Environment of git and buildctl. */
    readonly env: Readonly<Record<string, string>>;
    /** Returns an access token of a service account. Builds pull and push as their service accounts. */
    readonly tokenOf: (email: string) => Promise<string>;
    /** Receives the log, which is also in a file. Default: the file only. */
    readonly show?: (text: string | Uint8Array) => void;
}

/**
 * Runs a trigger's build of a commit, and records it.
 * @throws Error that names what the sandbox does not support; then nothing was started
 */
export function startBuild(site: BuildSite, trigger: Trigger, pushed: Pushed): StartedBuild {
    const { home, records } = site;
    const id = randomUUID();
    const values: Readonly<Record<string, string>> = { ...variables(trigger, pushed), BUILD_ID: id };
    const steps = builderSteps(trigger, values);
    const log = path.join(home.logs, `build-${id}.log`);
    const createTime = new Date().toISOString();
    const { PROJECT_ID: _, BUILD_ID: __, LOCATION: ___, ...substitutions } = values;
    const build: JsonObject = {
        ...{ id, name: numbered(`projects/${trigger.project}/locations/${trigger.location}/builds/${id}`), projectId: trigger.project },
        ...{ status: "WORKING", createTime, startTime: createTime, buildTriggerId: trigger.id, substitutions, logUrl: `file://${log}` },
        ...(trigger.build as unknown as JsonObject),
        ...(trigger.serviceAccount !== undefined && { serviceAccount: trigger.serviceAccount }),
    };
    records.put(build);
    const ended = runSteps({ ...site, log }, trigger, pushed, steps).then(
        ({ code, images }) => {
            const status = code === 0 ? "SUCCESS" : code === undefined ? "TIMEOUT" : "FAILURE";
            records.put({ ...build, status, finishTime: new Date().toISOString(), ...(code === 0 && { results: { images } }) });
            if (code === undefined) {
                throw new Error(`The build exceeded its time limit of ${trigger.build.timeout}.`);
            }
            return code;
        },
        (error: unknown) => {
            records.put({ ...build, status: "INTERNAL_ERROR", statusDetail: String(error), finishTime: new Date().toISOString() });
            throw error;
        },
    );
    return { build, steps, ended };
}

/** @returns the exit status, undefined after the time limit, and the images that the build lists */
async function runSteps(
    { home, env: shared, tokenOf, show, log }: BuildSite & { readonly log: string },
    trigger: Trigger,
    pushed: Pushed,
    steps: readonly BuilderStep[],
): Promise<{ readonly code: number | undefined; readonly images: JsonValue[] }> {
    const deadline = Date.now() + 1000 * Number.parseInt(trigger.build.timeout);
    const images: JsonValue[] = [];
    fs.mkdirSync(path.dirname(log), { recursive: true });
    const account = trigger.serviceAccount;
    const env = account === undefined ? shared : { ...shared, CLOUDSDK_AUTH_ACCESS_TOKEN: await tokenOf(shortName(account)) };
    return withCommit(home.clone, pushed.commit, env, async (tree) => {
        for (const { dir, args, images: references, isListed } of steps) {
            const metadata = path.join(tree, "..", "metadata.json");
            const options = { cwd: path.join(tree, dir), env, timeout: Math.max(1, deadline - Date.now()) };
            const child = spawn("buildctl", [...args, `--metadata-file=${metadata}`], { ...options, stdio: ["ignore", "pipe", "pipe"] });
            for (const stream of [child.stdout, child.stderr]) {
                stream.on("data", (chunk: Buffer) => {
                    fs.appendFileSync(log, chunk);
                    show?.(chunk);
                });
            }
            const [code] = (await once(child, "close")) as [number | null];
            if (code !== 0) {
                return { code: code ?? undefined, images };
            }
            if (isListed) {
                const digest = digestIn(JSON.parse(fs.readFileSync(metadata, "utf8")) as JsonValue);
                images.push(...references.map((name) => ({ name, digest })));
            }
            show?.(references.map((image) => `${image}\n`).join(""));
        }
        return { code: 0, images };
    });
}
