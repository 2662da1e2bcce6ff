import type { Job, Workflow } from "../../../scripts/workflow-files";
import { commandOf } from "./commands";

/** How the jobs of all workflows are tested. A job's name is its file's, a space, and its own. */
export interface Coverage {
    /** Jobs whose commands run on the sandbox. */
    readonly here: readonly string[];
    /** Jobs that run no command of their own, or only such that run elsewhere. */
    readonly notHere: readonly string[];
    /** Commands that run elsewhere. */
    readonly elsewhere: ReadonlySet<string>;
}

/** What of the workflows no test runs, and what is listed without being there. */
export function gaps(workflows: ReadonlyMap<string, Workflow>, { here, notHere, elsewhere }: Coverage): string[] {
    const jobs = new Map<string, Job>(
        [...workflows].flatMap(([file, { jobs }]) => Object.entries(jobs).map(([name, job]) => [`${file} ${name}`, job] as const)),
    );
    const listed = [...here, ...notHere];
    const commands = [...jobs].flatMap(([name, { steps = [] }]) =>
        steps.flatMap((step) => {
            const command = commandOf(step, (text) => text);
            return command === undefined ? [] : [{ name, command }];
        }),
    );
    return [
        ...[...jobs.keys()].filter((name) => !listed.includes(name)).map((name) => `no test has the job ${name}`),
        ...listed.filter((name) => !jobs.has(name)).map((name) => `there is no job ${name}`),
        ...commands
            .filter(({ name, command }) => notHere.includes(name) && !elsewhere.has(command))
            .map(({ name, command }) => `${name} runs nowhere: ${command}`),
        ...[...elsewhere].filter((known) => !commands.some(({ command }) => command === known)).map((known) => `no job runs ${known}`),
    ];
}
