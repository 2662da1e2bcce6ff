import { ownKeys, type RawConfig } from "../../components/config/handed-over";
import { projectName } from "../../components/config/problem";
import { configOf, handedOver, textOf } from "../../components/stack-file/stack-file";
import { readYaml, type Value } from "../../components/stack-file/yaml";
import { CommandError } from "../command-line/run";

/**
 * The configuration of a stack as the engine passes it to the program: the values of the stack file, and the project file's defaults for missing values.
 * @param project text of `Pulumi.yaml`
 * @param stack text of `Pulumi.<stack>.yaml`
 * @param file name of the stack file, for messages
 * @throws StackFileError if a file cannot be read
 * @throws CommandError if the stack imports environments
 */
export function rawConfig(project: string, stack: string, file: string): RawConfig {
    const imports = readYaml(stack, file).value;
    if (isMap(imports) && (imports.get("environment") ?? null) !== null) {
        throw new CommandError(`${file} imports Pulumi ESC environments. This command cannot read their values.`);
    }
    return ownKeys({ ...defaultsOf(project), ...handedOver(stack, file) }, projectName);
}

/** https://www.pulumi.com/docs/iac/concepts/projects/project-file/#config-options */
function defaultsOf(project: string): Readonly<Record<string, string>> {
    const entries = [...configOf(readYaml(project, "Pulumi.yaml"), "Pulumi.yaml")].flatMap(([key, declared]) => {
        const value = isMap(declared) ? (declared.get("default") ?? declared.get("value") ?? null) : declared;
        return value === null ? [] : [[key.includes(":") ? key : `${projectName}:${key}`, textOf(value)] as const];
    });
    return Object.fromEntries(entries);
}

const isMap = (value: Value): value is ReadonlyMap<string, Value> => value instanceof Map;
