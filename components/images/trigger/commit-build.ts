import { setTimeout as delay } from "node:timers/promises";
import { Refusal } from "../../config/pulumi-sdk";
import type { CheckedOut } from "../source/checked-out";
import { type Build, BuildsError, type TriggerBuilds } from "./builds-api";

/** The build that a stack deploys. */
export interface WantedBuild {
    /** The commit to deploy. A build of another commit with the same sources has the same images. */
    readonly source: Pick<CheckedOut, "commit" | "isSame">;
    /** Tag of the builds of the trigger's current definition. */
    readonly tag: string;
    /** Names of the images in the registry, without a tag, by image. */
    readonly names: Readonly<Record<string, string>>;
}

/** Where builds are read and started. */
type Builds = Pick<TriggerBuilds, "trigger" | "list" | "get" | "run">;

/** Digests by image. */
export type Digests = Readonly<Record<string, string>>;

/** Time between two looks at a build, in milliseconds. */
const PAUSE_MS = 5_000;
/** Time for the build of a push to appear before `pulumi up` starts one, in milliseconds. */
const APPEARS_WITHIN_MS = 30_000;
/** Calls in a row that may fail while a build works, because a network fails or Cloud Build is busy. */
const MOST_FAILURES = 12;
const ACTIVE: readonly string[] = ["STATUS_UNKNOWN", "PENDING", "QUEUED", "WORKING"];

/** Receives the progress. */
type Log = (message: string) => void;

/**
 * The digests if the build is done; undefined otherwise. Waits for nothing and starts nothing.
 * @param log receives a description of what `pulumi up` would do
 * @throws BuildsError
 */
export async function knownDigests(builds: Builds, wanted: WantedBuild, log: Log): Promise<Digests | undefined> {
    const build = best(await builds.list(), wanted);
    if (build === undefined) {
        log(`Cloud Build has no build of commit ${short(wanted.source.commit)}: pulumi up starts one and waits for it.`);
        return undefined;
    }
    if (build.status === "SUCCESS") {
        return digestsOf(build, wanted);
    }
    log(
        ACTIVE.includes(build.status)
            ? `The build of commit ${commitOf(build)} is ${stateOf(build)}: pulumi up waits for it. ${build.logUrl}`
            : `The build of commit ${commitOf(build)} ended with ${build.status}: pulumi up would fail. ${build.logUrl}`,
    );
    return undefined;
}

/**
 * Waits for the build of a commit. If the commit has no build, starts one.
 * @param log receives the progress
 * @param pause waits for a number of milliseconds
 * @throws Refusal if the build failed, or if Cloud Build cannot build the commit
 */
export async function awaitedDigests(
    builds: Builds,
    wanted: WantedBuild,
    log: Log,
    pause: (ms: number) => Promise<unknown> = delay,
): Promise<Digests> {
    let build = await appeared(builds, wanted, pause);
    build ??= await started(builds, wanted, log);
    let shown = "";
    let failures = 0;
    while (ACTIVE.includes(build.status)) {
        const progress = `The build of commit ${commitOf(build)} is ${stateOf(build)}. ${build.logUrl}`;
        if (progress !== shown) {
            log(progress);
            shown = progress;
        }
        await pause(PAUSE_MS);
        try {
            build = await builds.get(build.id);
            failures = 0;
        } catch (error) {
            if (!(error instanceof BuildsError) || !error.isTemporary || ++failures > MOST_FAILURES) {
                throw error;
            }
        }
    }
    if (build.status !== "SUCCESS") {
        throw new Refusal(
            `The build of commit ${commitOf(build)} ended with ${build.status}; its log is at ${build.logUrl}. Push a commit that fixes it, or build the commit again: ${runCommand(builds, wanted)}`,
        );
    }
    return digestsOf(build, wanted);
}

async function appeared(builds: Builds, wanted: WantedBuild, pause: (ms: number) => Promise<unknown>): Promise<Build | undefined> {
    for (let waited = 0; ; waited += PAUSE_MS) {
        const build = best(await builds.list(), wanted);
        if (build !== undefined || waited >= APPEARS_WITHIN_MS) {
            return build;
        }
        await pause(PAUSE_MS);
    }
}

async function started(builds: Builds, { source: { commit } }: WantedBuild, log: Log): Promise<Build> {
    try {
        const build = await builds.run(commit);
        log(`Started a build of commit ${short(commit)}. ${build.logUrl}`);
        return { ...build, substitutions: { COMMIT_SHA: commit, ...build.substitutions } };
    } catch (error) {
        if (error instanceof BuildsError) {
            throw new Refusal(
                `Cloud Build has no build of commit ${short(commit)} and cannot start one: ${error.message}. If the repository does not have the commit, push it: git push`,
            );
        }
        throw error;
    }
}

/** A finished build, otherwise one that can still succeed, otherwise the newest. */
function best(builds: readonly Build[], { source, tag }: WantedBuild): Build | undefined {
    const matching = builds.filter(
        ({ tags, substitutions: { COMMIT_SHA: commit } }) => tags.includes(tag) && commit !== undefined && source.isSame(commit),
    );
    return matching.find(({ status }) => status === "SUCCESS") ?? matching.find(({ status }) => ACTIVE.includes(status)) ?? matching[0];
}

/** @throws Refusal if the build did not push one of the images */
function digestsOf(build: Build, { names }: WantedBuild): Digests {
    return Object.fromEntries(
        Object.entries(names).map(([image, name]) => {
            const pushed = build.results.images.find((result) => result.name === name || result.name.startsWith(`${name}:`));
            if (pushed === undefined || pushed.digest === "") {
                throw new Refusal(`The build of commit ${commitOf(build)} did not push the image ${image}; its log is at ${build.logUrl}.`);
            }
            return [image, pushed.digest];
        }),
    );
}

function runCommand({ trigger }: Builds, { source }: WantedBuild): string {
    const [, project = "", , region = "", , id = ""] = trigger.split("/");
    return `gcloud builds triggers run ${id} --project ${project} --region ${region} --sha ${source.commit}`;
}

const stateOf = ({ status, approval }: Build): string => (approval?.state === "PENDING" ? "waiting for approval" : status);

const commitOf = ({ substitutions }: Build): string => short(substitutions.COMMIT_SHA);

const short = (commit = ""): string => commit.slice(0, 7);
