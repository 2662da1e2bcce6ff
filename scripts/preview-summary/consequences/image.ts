import { attestedName } from "../../../components/images/attestations";
import type { Change } from "../engine/change";
import type { ChangedSources } from "../changed-sources";
import type { Consequence } from "../classes";
import { code, codes, shown } from "../engine/values";

/** End of the name of a build that attaches provenance to an image. */
const ATTESTED = attestedName("");

/** Images that are built, and the reasons, and images that get provenance. */
export function imageConsequence(change: Change, changed: ChangedSources): Consequence | undefined {
    if (change.type !== "docker-build:index:Image") {
        return undefined;
    }
    const [image = "", attested] = change.name.split(ATTESTED);
    if (attested !== undefined) {
        return { class: "image-attested", text: `Image ${code(image)} gets provenance of its build` };
    }
    const name = `Image ${code(change.name)}`;
    if (change.action === "create") {
        return { class: "image-rebuilt", text: `${name} is built for the first time` };
    }
    const reasons = [sourceReason(change, changed), ...settingReasons(change)].filter((reason) => reason !== undefined);
    return { class: "image-rebuilt", text: `${name} is built again${reasons.length === 0 ? "" : `: ${reasons.join("; ")}`}` };
}

function sourceReason({ name, fields, old }: Change, changed: ChangedSources): string | undefined {
    if (!fields.some((field) => field === "contextHash" || field.startsWith("context") || field.startsWith("dockerfile"))) {
        return undefined;
    }
    // Images are built from a copy of their folder.
    const folder = shown(old?.inputs, "context", "location")?.replace(/^\.contexts\//, "");
    const files = changed(name) ?? [];
    return `${files.length === 0 ? `files of ${code(folder ?? "its build context")}` : codes(files)} changed`;
}

/** Names of changed build arguments and other settings, without their values. */
function settingReasons({ fields, old, new: fresh }: Change): string[] {
    const others = fields.filter(
        (field) => !/^(context|dockerfile|labels|buildArgs)/.test(field) && !field.startsWith("org.opencontainers"),
    );
    const args = fields.some((field) => field.startsWith("buildArgs")) ? differingKeys(old?.inputs.buildArgs, fresh?.inputs.buildArgs) : [];
    // The source's time changes with its files and adds no information.
    const named = args.filter((name) => name !== "SOURCE_DATE_EPOCH");
    return [
        ...(named.length === 0 ? [] : [`build argument ${codes(named)} changed`]),
        ...(others.length === 0 ? [] : [`${codes(others)} changed`]),
    ];
}

function differingKeys(old: unknown, fresh: unknown): string[] {
    const [before, after] = [old, fresh].map((value) =>
        typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {},
    ) as [Record<string, unknown>, Record<string, unknown>];
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((key) => before[key] !== after[key]).sort();
}
