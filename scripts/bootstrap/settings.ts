import * as path from "node:path";
import { parseArgs } from "node:util";
import type { BootstrapSettings } from "../../bootstrap/settings";
import { handedOver } from "../../components/stack-file/stack-file";
import { readYaml, type Value } from "../../components/stack-file/yaml";
import { GOOGLE_NAMES } from "../../gke/names";
import { regions } from "../../gke/zones";
import { readText } from "../command-line/read-text";
import { CommandError } from "../command-line/run";

/** Environments that have a project, in the order of promotion. The first one keeps the state of all. */
const ENVIRONMENTS = ["dev", "staging", "prod"] as const;
const [HOME] = ENVIRONMENTS;

/** Owner and name as GitHub allows them. The pattern excludes quotes, so a value cannot end the string in a condition. */
const REPOSITORY = /^[A-Za-z0-9][-_A-Za-z0-9]*\/[-_.A-Za-z0-9]+$/;

/** The request of the command line. */
export interface Request {
    readonly settings: BootstrapSettings;
    /** Whether to only print the resources that would be created. */
    readonly dryRun: boolean;
}

/**
 * The request in the arguments of the command. Region, and the project that keeps the state, default to those of the stack files.
 * @param folder the program's folder, with the stack files
 * @throws CommandError with every problem of the arguments
 */
export async function readRequest(args: readonly string[], folder: string): Promise<Request> {
    const { values } = parseArgs({
        args: [...args],
        options: {
            project: { type: "string", default: "" },
            repository: { type: "string", default: "" },
            environment: { type: "string", default: HOME },
            region: { type: "string" },
            "dry-run": { type: "boolean", default: false },
        },
    });
    const { project, repository, environment } = values;
    const own = await stackFile(environment, folder);
    const region = values.region ?? own["gcp:region"] ?? "us-central1";
    const home = environment === HOME ? project : ((await stackFile(HOME, folder))["gcp:project"] ?? "");
    const problems = [
        GOOGLE_NAMES.project.test(project) ? [] : ["--project must be the ID of a project: gcloud projects list"],
        REPOSITORY.test(repository) ? [] : ["--repository must be a GitHub repository, as owner/name"],
        (ENVIRONMENTS as readonly string[]).includes(environment) ? [] : [`--environment must be one of ${ENVIRONMENTS.join(", ")}`],
        regions.includes(region) ? [] : [`--region must be a region of Google Cloud, not ${region}`],
        home === "" && environment !== HOME
            ? [`Pulumi.${HOME}.yaml has no gcp:project. Prepare ${HOME} first: its project keeps the state of all stacks.`]
            : [],
    ].flat();
    if (problems.length > 0) {
        throw new CommandError(problems.join("\n"));
    }
    const pulumiProject = await projectName(folder);
    return { settings: { project, repository, environment, region, home, pulumiProject }, dryRun: values["dry-run"] };
}

/** Values of a stack file; empty if the stack has none yet. */
async function stackFile(stack: string, folder: string): Promise<Readonly<Record<string, string>>> {
    const file = `Pulumi.${stack}.yaml`;
    try {
        return handedOver(await readText(path.join(folder, file)), file);
    } catch (error) {
        if (error instanceof CommandError) {
            return {};
        }
        throw error;
    }
}

/** `name` of the project file. `pulumi new` writes another name into its copy. */
async function projectName(folder: string): Promise<string> {
    const { value } = readYaml(await readText(path.join(folder, "Pulumi.yaml")), "Pulumi.yaml");
    const name = value instanceof Map ? (value as ReadonlyMap<string, Value>).get("name") : undefined;
    if (typeof name !== "string") {
        throw new CommandError("Pulumi.yaml has no name.");
    }
    return name;
}
