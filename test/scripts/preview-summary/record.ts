// Records the previews of the scenarios, as the engine makes them on the sandbox, and the summaries expected of them. Run it after `npm start`, on a work tree
// whose preview has no change; read the difference that it makes to the expected summaries before you commit them:
//
//     node scripts/with-dependencies.cjs tsx test/scripts/preview-summary/record.ts [scenario …]
import * as fs from "node:fs";
import * as path from "node:path";
import { format } from "prettier";
import { parseDocument } from "yaml";
import { type Preview, parsePreview } from "../../../scripts/preview-summary/preview";
import { homeOf } from "../../../sandbox/home";
import { runPulumi } from "../../../sandbox/pulumi/run";
import { stackFile } from "../../../sandbox/pulumi/stacks";
import { expectedFile, previewFile, summaryOf } from "./recorded";
import { type Edit, SCENARIOS } from "./scenarios";

const home = homeOf(path.join(__dirname, "../../.."));

async function record(name: string, edits: readonly Edit[]): Promise<void> {
    const document = parseDocument(fs.readFileSync(stackFile(home, "sandbox"), "utf8"));
    for (const [at, value] of edits) {
        if (value === undefined) document.deleteIn(at);
        else document.setIn(at, document.createNode(value));
    }
    const file = path.join(home.root, "workspace", "Pulumi.scenario.yaml");
    fs.writeFileSync(file, document.toString());
    const { output } = await runPulumi(home, ["preview", "--json", "--stack", "sandbox", "--config-file", file], { capture: true });
    fs.rmSync(file);
    const preview = parsePreview(output.slice(output.indexOf("{"), output.lastIndexOf("}") + 1));
    fs.writeFileSync(previewFile(name), await format(JSON.stringify(essential(preview)), { parser: "json", tabWidth: 4, printWidth: 140 }));
    fs.writeFileSync(expectedFile(name), summaryOf(name).markdown);
    process.stdout.write(`${name}\n`);
}

/** The preview without the configuration of other rooms and the outputs of the stack, which no summary shows. */
function essential(preview: Preview): Preview {
    const images = preview.config["ml-platform:images"];
    return {
        ...preview,
        config: images === undefined ? {} : { "ml-platform:images": images },
        steps: preview.steps.filter(({ urn }) => !urn.includes("::pulumi:pulumi:Stack::")),
    };
}

async function main(): Promise<void> {
    const wanted = process.argv.slice(2);
    for (const [name, edits] of Object.entries(SCENARIOS)) if (wanted.length === 0 || wanted.includes(name)) await record(name, edits);
}

void main();
