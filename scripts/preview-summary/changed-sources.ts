import type { Preview, State } from "./engine/preview";

/** Changed source files of an image, by its name, as paths from the program's folder; undefined if the preview does not report them. */
export type ChangedSources = (image: string) => readonly string[] | undefined;

/** Files that images are built from, as the component of each image lists them: path → hash. */
export function changedSources({ steps }: Preview): ChangedSources {
    const components = steps.filter(({ urn }) => /[:$]ml-platform:index:ContainerImage::/.test(urn));
    return (image) => {
        const step = components.find(({ urn }) => urn.endsWith(`::${image}`));
        const [before, after] = [sources(step?.oldState), sources(step?.newState)];
        if (before === undefined || after === undefined) {
            return undefined;
        }
        return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((file) => before[file] !== after[file]).sort();
    };
}

function sources(state: State | null | undefined): Readonly<Record<string, unknown>> | undefined {
    const value = state?.inputs.sources;
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
}
