import { buildctlArguments } from "../registry/buildctl";
import type { Pushed } from "./pushed";
import type { Step, Trigger } from "./trigger";

/** A build step for the sandbox's builder. */
export interface BuilderStep {
    readonly id: string;
    /** Working directory in the repository; empty for the root. */
    readonly dir: string;
    /** Arguments for `buildctl`. */
    readonly args: readonly string[];
    /** Image references to push. */
    readonly images: readonly string[];
    /** Whether the build lists the images, so that its results have their digests. */
    readonly isListed: boolean;
}

/**
 * Translates the steps of a trigger's build to BuildKit steps. Each step runs after the steps that it waits for. Omits the step that
 * creates a builder, because the sandbox already has one.
 * @param values the variables of the build
 * @throws Error that names the first step, variable or image that Cloud Build would handle differently
 */
export function builderSteps(trigger: Trigger, values: Values): BuilderStep[] {
    const { steps, images } = trigger.build;
    const pushedAtEnd = images.map((image) => substituted(image, values));
    const before = new Set(["-"]);
    const translated = steps.flatMap((step) => {
        const awaited = step.waitFor.find((id) => !before.has(id));
        if (awaited !== undefined) {
            throw new Error(`The step ${step.id} waits for ${awaited}, which is not an earlier step.`);
        }
        before.add(step.id);
        const args = step.args.map((arg) => substituted(arg, values));
        return isBuilder(step) ? [] : [{ ...buildStep(step.id, args, pushedAtEnd), dir: step.dir ?? "" }];
    });
    const missing = pushedAtEnd.find((image) => !translated.some((step) => step.images.includes(image)));
    if (missing !== undefined) {
        throw new Error(`No step builds the image ${missing}, which Cloud Build would push.`);
    }
    return translated;
}

const isBuilder = ({ args }: Step): boolean => args[0] === "buildx" && args[1] === "create";

function buildStep(id: string, args: readonly string[], pushedAtEnd: readonly string[]): Omit<BuilderStep, "dir"> {
    if (args[0] !== "buildx" || args[1] !== "build") {
        throw new Error(`The step ${id} is not an image build: docker ${args.slice(0, 2).join(" ")}`);
    }
    const images = args.flatMap((arg) => /^--tag=(.+)$/.exec(arg)?.[1] ?? []);
    // Docker keeps the images that a step loads. Cloud Build pushes only those that the build lists.
    const kept = args.includes("--push") ? undefined : images.find((image) => !pushedAtEnd.includes(image));
    if (kept !== undefined) {
        throw new Error(`The step ${id} tags ${kept}, which the build does not push.`);
    }
    const isListed = images.some((image) => pushedAtEnd.includes(image));
    return { id, args: buildctlArguments(isListed ? attested(args.slice(2)) : args.slice(2), "push"), images, isListed };
}

/** Cloud Build makes provenance for the images that it pushes. Here, BuildKit makes it. */
function attested(args: readonly string[]): readonly string[] {
    return args.map((arg) => (arg === "--provenance=false" ? "--provenance=mode=max" : arg));
}

/** Values of a build's variables. */
type Values = Readonly<Record<string, string>>;

/** The variables that a push sets. https://cloud.google.com/build/docs/configuring-builds/substitute-variable-values */
export function variables({ name, project, location }: Trigger, pushed: Pushed): Values {
    return {
        PROJECT_ID: project,
        LOCATION: location,
        TRIGGER_NAME: name,
        COMMIT_SHA: pushed.commit,
        REVISION_ID: pushed.commit,
        SHORT_SHA: pushed.commit.slice(0, 7),
        REF_NAME: pushed.name,
        ...(pushed.kind === "branch" ? { BRANCH_NAME: pushed.name } : { TAG_NAME: pushed.name }),
    };
}

/** Substitutes variables; `$$` is a literal dollar sign. @throws Error for an undefined variable, as in Cloud Build */
function substituted(text: string, values: Values): string {
    return text.replaceAll(
        /\$(?:(\$)|([A-Z_][A-Z0-9_]*)|\{([A-Z_][A-Z0-9_]*)\})/g,
        (_, dollar?: string, plain?: string, braced?: string) => {
            if (dollar !== undefined) {
                return dollar;
            }
            const name = plain ?? braced ?? "";
            const value = values[name];
            if (value === undefined) {
                throw new Error(`The build uses the variable $${name}, which a push of this kind does not set.`);
            }
            return value;
        },
    );
}
