import * as fs from "node:fs";
import * as path from "node:path";
import { parsePreview } from "../../../scripts/preview-summary/engine/preview";
import { type Summary, summary } from "../../../scripts/preview-summary/summary";

/** The engine's output for a scenario on the sandbox. */
export const previewFile = (scenario: string): string => path.join(__dirname, "previews", `${scenario}.json`);

/** Its expected summary. */
export const expectedFile = (scenario: string): string => path.join(__dirname, "previews", `${scenario}.md`);

/** The summary of a recorded preview. */
export function summaryOf(scenario: string): Summary {
    return summary(parsePreview(fs.readFileSync(previewFile(scenario), "utf8")), scenario, []);
}
