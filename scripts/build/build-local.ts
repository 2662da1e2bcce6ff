import { randomUUID } from "node:crypto";
import { parseArgs } from "node:util";
import { attestationFlags } from "../../components/images/attestations";
import { runProgram } from "../command-line/run-program";
import { checkAnswers } from "../promotion/registry/registry";
import { buildxArguments, checkBuildx, type Result } from "./buildx";
import { revisionOf } from "./revision";
import { buildingStack, contextsOf, type Destination, destinationOf, stackBuild, stackRecipes } from "./stack-build";
import { substituted, substitutions } from "./substitutions";

/** Names for images that are not pushed. */
const HERE: Destination = { registryUri: "ml-platform", cacheUri: "ml-platform-cache" };

export const HELP = `Usage: npm run build-local -- [--stack <stack>] [--push]

Builds a stack's images on this machine with the steps of its build trigger, with docker buildx.

  --stack <stack>  the stack to build for (default: dev)
  --push           push them to the stack's registry, and read its build cache (default: keep them on this machine)
`;

/**
 * `npm run build-local`.
 * @param args arguments of the command
 * @param folder the program's folder
 * @param print receives the output of the command; the builder writes to the terminal itself
 * @returns the exit status of the first build that failed
 * @throws CommandError with a one-line reason if it cannot build; then nothing was built
 */
export async function buildLocal(args: readonly string[], folder: string, print: (text: string) => void): Promise<number> {
    const options = parseArgs({
        args: [...args],
        options: { stack: { type: "string", default: "dev" }, push: { type: "boolean", default: false } },
    }).values;
    const config = await buildingStack(options.stack, folder);
    const revision = revisionOf(folder, contextsOf(config, folder));
    const destination = options.push ? await destinationOf(options.stack, folder) : HERE;
    if (options.push) {
        await checkAnswers(destination.registryUri);
    }
    const result: Result = options.push ? "push" : "keep";
    checkBuildx(result);
    const secrets = config.images.caBundle === undefined ? [] : [`id=ca-bundle,src=${config.images.caBundle}`];

    const values = { ...substitutions(revision), BUILD_ID: randomUUID() };
    const flags = new Map(stackRecipes(config, destination).map((recipe) => [recipe.name, attestationFlags(recipe.sbomScanner)]));
    const steps = stackBuild(config, destination, revision).steps.filter(({ args }) => args[1] === "build");
    for (const step of steps) {
        print(`${step.id}\n`);
        const attestations = flags.get(step.id) ?? [];
        const status = await runProgram("docker", buildxArguments(substituted(step, values), result, { secrets, attestations }), folder);
        if (status !== 0) {
            return status;
        }
    }
    return 0;
}
