import { projectName } from "../../components/problem";
import { yamlDocument } from "./yaml-document";

/**
 * The configuration of a stack as the engine hands it to the program: the values of the stack file, and the project file's defaults for what it leaves out.
 * @param project text of `Pulumi.yaml`
 * @param stack text of `Pulumi.<stack>.yaml`
 * @param file name of the stack file, for messages
 * @throws CommandError where the stack file is not YAML
 */
export function rawConfig(project: string, stack: string, file: string): Readonly<Record<string, unknown>> {
    const defaults = Object.entries(configOf(project, "Pulumi.yaml")).flatMap(([key, declared]) => {
        const value = isRecord(declared) ? (declared.value ?? declared.default) : declared;
        return value === undefined ? [] : [[key.includes(":") ? key : `${projectName}:${key}`, value] as const];
    });
    return { ...Object.fromEntries(defaults), ...configOf(stack, file) };
}

function configOf(text: string, file: string): Readonly<Record<string, unknown>> {
    const parsed: unknown = yamlDocument(text, file).toJS();
    return isRecord(parsed) && isRecord(parsed.config) ? parsed.config : {};
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
    typeof value === "object" && value !== null && !Array.isArray(value);
