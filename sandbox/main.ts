import * as path from "node:path";
import { env } from "./commands/env";
import { gcloud } from "./commands/gcloud";
import { kubectl } from "./commands/kubectl";
import { preempt } from "./commands/preempt";
import { pulumi } from "./commands/pulumi";
import { push } from "./commands/push/push";
import { run } from "./commands/run";
import { start } from "./commands/start";
import { status } from "./commands/status";
import { stop } from "./commands/stop";
import { inContainer, needsContainer } from "./container/in-container";
import { type Home, homeOf } from "./home";
import { giveBack, invoker } from "./host/ownership";

const USAGE = `The stack on a simulated Google Cloud, on this machine.

  npm start                          bring the sandbox and its stack up
  npm run sandbox -- <command>       any Pulumi command, for example: preview, up, preview -s dev, stack output, destroy
  npm run sandbox -- kubectl …       kubectl against the simulated cluster
  npm run sandbox -- gcloud …        gcloud against the simulated APIs
  npm run sandbox -- run <command>   any command with the sandbox's Pulumi, registry and builder, for example: run npm run build-local
  npm run sandbox -- env             print variables that point clients of Google's APIs at the sandbox
  npm run sandbox -- --as <account> <command>
                                     a Pulumi command, gcloud, run or env with the permissions of a service account
  npm run sandbox -- push [<ref>]    fire the build triggers for a pushed branch or tag (default: the current branch)
  npm run sandbox -- preempt <pool>  preempt a node of a spot pool, as Compute Engine does
  npm run sandbox:status             list what runs, and its addresses
  npm run sandbox:stop               stop all processes; files stay on disk
`;

async function main(args: readonly string[]): Promise<number> {
    const [command, ...rest] = args;
    if (command === undefined || command === "help" || command === "--help") {
        process.stdout.write(USAGE);
        return 0;
    }
    const home = homeOf(path.join(__dirname, ".."));
    if (needsContainer()) {
        return inContainer(home, args);
    }
    try {
        return await (command === "--as" ? runAs(home, rest) : runHere(home, command, rest));
    } finally {
        giveBack(home.clone, invoker());
    }
}

async function runAs(home: Home, [account, command, ...rest]: readonly string[]): Promise<number> {
    if (account === undefined || command === undefined) {
        throw new Error("Name a service account and a command: npm run sandbox -- --as <account> <command>");
    }
    switch (command) {
        case "env":
            return env(home, account);
        case "gcloud":
            return gcloud(home, rest, account);
        case "run":
            return run(home, rest, account);
        case "start":
        case "stop":
        case "status":
        case "kubectl":
        case "preempt":
        case "push":
            throw new Error(`--as is for Pulumi commands, gcloud, run and env; ${command} is a command of the sandbox's owner.`);
        default:
            return pulumi(home, [command, ...rest], account);
    }
}

async function runHere(home: Home, command: string, rest: readonly string[]): Promise<number> {
    switch (command) {
        case "start":
            return start(home);
        case "stop":
            return stop(home);
        case "status":
            return status(home);
        case "env":
            return env(home);
        case "kubectl":
            return kubectl(home, rest);
        case "gcloud":
            return gcloud(home, rest);
        case "preempt":
            return preempt(home, rest);
        case "push":
            return push(home, rest);
        case "run":
            return run(home, rest);
        default:
            return pulumi(home, [command, ...rest]);
    }
}

// The reader may close the pipe early, as `head` does.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") {
        throw error;
    }
});

main(process.argv.slice(2)).then(
    (code) => {
        process.exitCode = code;
    },
    (error: unknown) => {
        process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
        process.exitCode = 1;
    },
);
