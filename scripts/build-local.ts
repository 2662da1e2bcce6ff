import { parseArgs } from "node:util";
import { buildctlArguments, type Result } from "./build/buildctl";
import { localBuilder } from "./build/builder";
import { buildxArguments } from "./build/buildx";
import { revisionOf } from "./build/revision";
import { buildingStack, type Destination, destinationOf, stackBuild } from "./build/stack-build";
import { substituted, substitutions } from "./build/substitutions";
import { runCommand } from "./command-line/run";
import { runProgram } from "./command-line/run-program";

/** Names of images that stay on this machine. */
const HERE: Destination = { registryUri: "ml-platform", cacheUri: "ml-platform-cache" };

async function buildLocal(): Promise<number> {
    const options = parseArgs({ options: { stack: { type: "string", default: "dev" }, push: { type: "boolean", default: false } } }).values;
    const folder = process.cwd();
    const config = await buildingStack(options.stack, folder);
    const revision = await revisionOf(folder);
    const destination = options.push ? await destinationOf(options.stack, folder) : HERE;
    const builder = localBuilder();
    const result: Result = options.push ? "push" : "keep";
    const secrets = config.images.caBundle === undefined ? [] : [`id=ca-bundle,src=${config.images.caBundle}`];

    const steps = stackBuild(config, destination, revision).steps.filter(({ args }) => args[1] === "build");
    for (const step of steps) {
        process.stdout.write(`${step.id}\n`);
        const args = substituted(step, substitutions(revision));
        const status =
            builder === "buildx"
                ? await runProgram("docker", buildxArguments(args, result, secrets), folder)
                : await runProgram("buildctl", buildctlArguments(args, result, secrets), folder);
        if (status !== 0) return status;
    }
    return 0;
}

void runCommand(buildLocal);
