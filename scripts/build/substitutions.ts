import type { BuildDefinition } from "../../components/images/trigger/build-definition";
import type { Revision } from "./revision";

/** Values of the variables that a trigger sets. https://cloud.google.com/build/docs/configuring-builds/substitute-variable-values */
export type Substitutions = Readonly<Record<"COMMIT_SHA" | "SHORT_SHA", string>>;

/** The variables for a push of this commit; with uncommitted changes, tags end in `-dirty`. */
export function substitutions({ commit, changed }: Revision): Substitutions {
    const dirty = changed.length === 0 ? "" : "-dirty";
    return { COMMIT_SHA: commit + dirty, SHORT_SHA: commit.slice(0, 7) + dirty };
}

/** The channel tag of a build: images with uncommitted changes must not move the channel that others use. */
export const channelOf = (channel: string, { changed }: Revision): string => (changed.length === 0 ? channel : `${channel}-dirty`);

/** The arguments of a step with the values of variables, and with a build id, which Cloud Build generates; `$$` is a dollar sign. */
export function substituted(
    step: BuildDefinition["steps"][number],
    values: Substitutions & { readonly BUILD_ID: string },
): readonly string[] {
    return step.args.map((arg) =>
        arg.replaceAll(/\$(?:\$|(COMMIT_SHA|SHORT_SHA|BUILD_ID)\b)/g, (_, name?: keyof typeof values) =>
            name === undefined ? "$" : values[name],
        ),
    );
}
