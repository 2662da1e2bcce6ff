import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { stringify } from "yaml";
import type { BuildDefinition } from "../../components/images/trigger/build-definition";
import { checkClean, revisionOf } from "./revision";
import { buildingStack, contextsOf, destinationOf, plannedDestination, stackBuild } from "./stack-build";
import { type Substitutions, substitutions } from "./substitutions";
import { runProgram } from "../command-line/run-program";

export const HELP = `Usage: npm run cloud-build -- [--stack <stack>] [--dry-run] [--allow-dirty]

Submits this folder to Cloud Build, to be built as the stack's build trigger would build a push.

  --stack <stack>  the stack to build for (default: dev)
  --dry-run        print the command and the build definition, and submit nothing
  --allow-dirty    submit uncommitted changes, too
`;

/**
 * `npm run cloud-build`.
 * @param args arguments of the command
 * @param folder the program's folder
 * @param print receives the output of the command
 * @returns the exit status
 * @throws CommandError with a one-line reason if it cannot submit; then nothing was submitted
 */
export async function cloudBuild(args: readonly string[], folder: string, print: (text: string) => void): Promise<number> {
    const options = parseArgs({
        args: [...args],
        options: {
            stack: { type: "string", default: "dev" },
            "dry-run": { type: "boolean", default: false },
            "allow-dirty": { type: "boolean", default: false },
        },
    }).values;
    const config = await buildingStack(options.stack, folder);
    const revision = revisionOf(folder, contextsOf(config, folder));
    if (!options["allow-dirty"]) {
        checkClean(revision);
    }

    const destination = options["dry-run"] ? plannedDestination(config) : await destinationOf(options.stack, folder);
    const yaml = buildYaml(stackBuild(config, destination, revision), destination.buildAccount);
    const values = substitutions(revision);
    if (options["dry-run"]) {
        print(`# gcloud ${submission(config, values, "cloudbuild.yaml").join(" ")}\n${yaml}`);
        return 0;
    }
    const draft = await fs.mkdtemp(path.join(os.tmpdir(), "cloud-build-"));
    try {
        const file = path.join(draft, "cloudbuild.yaml");
        await fs.writeFile(file, yaml);
        return await runProgram("gcloud", submission(config, values, file), folder);
    } finally {
        await fs.rm(draft, { recursive: true });
    }
}

/**
 * A build as a file for `gcloud builds submit --config`.
 * @param serviceAccount full name of the build's service account. @default the project's default account
 */
export function buildYaml(definition: BuildDefinition, serviceAccount: string | undefined): string {
    return stringify({ ...definition, serviceAccount }, { lineWidth: 0 });
}

/** Arguments of gcloud. The file cannot contain variables that a trigger would set, so they are passed as a flag. */
function submission(
    { project, region }: { readonly project: string; readonly region: string },
    values: Substitutions,
    file: string,
): string[] {
    const pairs = Object.entries(values).map(([name, value]) => `${name}=${value}`);
    return [
        "builds",
        "submit",
        ".",
        `--project=${project}`,
        `--region=${region}`,
        `--config=${file}`,
        `--substitutions=${pairs.join(",")}`,
    ];
}
