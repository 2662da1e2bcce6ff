// Records the engine's previews of the scenarios on the sandbox, and their expected summaries. Run it after `npm start`, on a work tree
// with a preview without changes. Review the changes in the expected summaries before you commit them:
//
//     node scripts/with-dependencies.cjs node --require tsx/cjs test/scripts/preview-summary/record.ts [scenario …]
import * as fs from "node:fs";
import * as path from "node:path";
import { format } from "prettier";
import { parseDocument } from "yaml";
import { type Preview, type State, parsePreview } from "../../../scripts/preview-summary/engine/preview";
import { homeOf } from "../../../sandbox/home";
import { runPulumi } from "../../../sandbox/pulumi/run";
import { stackFile } from "../../../sandbox/pulumi/stacks";
import { expectedFile, previewFile, summaryOf } from "./recorded";
import { type Edit, SCENARIOS } from "./scenarios";

const home = homeOf(path.join(__dirname, "../../.."));

async function record(name: string, edits: readonly Edit[], images: unknown): Promise<void> {
    const document = parseDocument(fs.readFileSync(stackFile(home, "sandbox"), "utf8"));
    for (const [at, value] of edits) {
        if (value === undefined) {
            document.deleteIn(at);
        } else {
            document.setIn(at, document.createNode(typeof value === "function" ? (value as (images: unknown) => unknown)(images) : value));
        }
    }
    const file = path.join(home.root, "workspace", "Pulumi.scenario.yaml");
    fs.writeFileSync(file, document.toString());
    const preview = parsePreview(await pulumiJson(["preview", "--json", "--config-file", file]));
    fs.rmSync(file);
    fs.writeFileSync(previewFile(name), await format(JSON.stringify(essential(preview)), { parser: "json", tabWidth: 4, printWidth: 140 }));
    fs.writeFileSync(expectedFile(name), summaryOf(name).markdown);
    process.stdout.write(`${name}\n`);
}

async function pulumiJson(args: readonly string[]): Promise<string> {
    const { output } = await runPulumi(home, [...args, "--stack", "sandbox"], { capture: true });
    return output.slice(output.indexOf("{"), output.lastIndexOf("}") + 1);
}

/** Outputs that a summary reads. */
const READ = ["nodeCount", "nodeLocations", "status"];

/** The preview without the parts that no summary reads: configuration of other sections, most outputs, and components. */
function essential(preview: Preview): Preview {
    const images = preview.config["ml-platform:images"];
    const state = (full: State | null | undefined): State | undefined =>
        full ? { ...full, outputs: Object.fromEntries(Object.entries(full.outputs).filter(([name]) => READ.includes(name))) } : undefined;
    return {
        ...preview,
        config: images === undefined ? {} : { "ml-platform:images": images },
        steps: preview.steps
            .filter(({ urn }) => !/(::|\$)pulumi:[^$]*::/.test(urn))
            .map((step) => ({ ...step, oldState: state(step.oldState), newState: state(step.newState) })),
    };
}

async function main(): Promise<void> {
    const wanted = process.argv.slice(2);
    const { images } = JSON.parse(await pulumiJson(["stack", "output", "--json"])) as { images: unknown };
    for (const [name, edits] of Object.entries(SCENARIOS)) {
        if (wanted.length === 0 || wanted.includes(name)) {
            await record(name, edits, images);
        }
    }
}

void main();
