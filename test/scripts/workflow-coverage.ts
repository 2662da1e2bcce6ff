import { commandOf } from "./workflow-commands";
import type { Job, Workflow } from "./workflow-files";

/** Jobs that `test/sandbox/e2e/workflows.test.ts` runs on the sandbox. The name of a job is its file, a space and its key. */
export const SANDBOX_JOBS = [
    "pull-request.yml stacks",
    "deploy.yml stacks",
    "pull-request.yml preview",
    "deploy.yml up",
    "drift.yml drift",
    "pull-request.yml sandbox",
] as const;

/** Jobs without a command for the sandbox, and why. */
export const OTHER_JOBS: Readonly<Record<string, string>> = {
    "cuda-images.yml build": "the images for CUDA are larger than a test may download",
    "deploy-dev.yml dev": "calls deploy.yml",
    "deploy-prod.yml prod": "calls deploy.yml",
    "pull-request.yml check": "continuous integration runs its commands directly",
    "pull-request.yml comment": "only has actions of GitHub",
    "release.yml release": "runs semantic-release",
};

/** Commands that no test runs on the sandbox, and why. */
export const OTHER_COMMANDS: Readonly<Record<string, string>> = {
    'docker build --build-context common=docker/common --build-arg ENABLE_GPU=true --target "$TARGET" --tag "$IMAGE" "docker/$IMAGE"':
        "several GB; test/images/cuda builds the same images with the sandbox's BuildKit",
    'docker run --rm --interactive --entrypoint python3 "$IMAGE" - < test/images/cuda/imports.py': "as above",
    'docker image inspect --format \'{{ .RepoTags }} {{ .Size }} bytes\' "$IMAGE" >> "$GITHUB_STEP_SUMMARY"': "as above",
    "npm ci --no-audit --no-fund": "the packages are already installed when a test starts",
    "npm ci --no-audit --no-fund --ignore-scripts": "the packages are already installed when a test starts",
    'gcloud auth configure-docker --quiet "$REGISTRY_HOST"':
        "needs an account of Google; the sandbox's Docker configuration has the helper that it sets up",
    "npm run check": "continuous integration runs it directly",
    "npm run lock:pixi -- --check": "needs conda-forge; test/docker/training/test_pixi.py tests the command",
    "npm run test:unit": "continuous integration runs it as a part of npm test",
    "npx --no-install semantic-release": "test/scripts/releaserc.test.ts runs it in its own repository, without GitHub",
};

/** The jobs and commands that the tests list. */
export interface Coverage {
    /** Jobs that run on the sandbox. */
    readonly sandboxJobs: readonly string[];
    /** Jobs without a command, or only with `otherCommands`. */
    readonly otherJobs: readonly string[];
    /** Commands that no test runs on the sandbox. */
    readonly otherCommands: readonly string[];
}

/** Returns the jobs and commands of the workflows that are not listed, and those that are listed but do not exist. */
export function gaps(workflows: ReadonlyMap<string, Workflow>, { sandboxJobs, otherJobs, otherCommands }: Coverage): string[] {
    const jobs = new Map<string, Job>(
        [...workflows].flatMap(([file, { jobs }]) => Object.entries(jobs).map(([name, job]) => [`${file} ${name}`, job] as const)),
    );
    const listed = [...sandboxJobs, ...otherJobs];
    const commands = [...jobs].flatMap(([name, { steps = [] }]) =>
        steps.flatMap((step) => {
            const command = commandOf(step, (text) => text);
            return command === undefined ? [] : [{ name, command }];
        }),
    );
    return [
        ...[...jobs.keys()].filter((name) => !listed.includes(name)).map((name) => `the job ${name} is not listed`),
        ...listed.filter((name) => !jobs.has(name)).map((name) => `the job ${name} does not exist`),
        ...commands
            .filter(({ name, command }) => otherJobs.includes(name) && !otherCommands.includes(command))
            .map(({ name, command }) => `no test runs the command of ${name}: ${command}`),
        ...otherCommands.filter((listed) => !commands.some(({ command }) => command === listed)).map((listed) => `no job runs ${listed}`),
    ];
}
