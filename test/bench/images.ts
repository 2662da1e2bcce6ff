import * as fs from "node:fs";
import * as path from "node:path";
import { parseArgs } from "node:util";
import * as prettier from "prettier";
import { Builder } from "../images/engine/builder";
import { Engine } from "../images/engine/engine";
import { Workshop } from "../images/engine/workshop";
import { ours, plain } from "./images-arms";
import { contentsBySize } from "./images-cuda";
import { resultTables, type Round, sizesBeyondBase } from "./images-results";
import { SCENARIOS, scenarios } from "./images-scenarios";
import { measureService } from "./images-service";
import { buildsThroughUp } from "./images-through-up";

const ROOT = path.join(__dirname, "..", "..");
const RESULTS = path.join(ROOT, "docs", "reference", "images-benchmark.md");
const ARMS = { ours, plain } as const;
type ArmName = keyof typeof ARMS;

/** `npm run bench:images [-- --repeats n] [-- --with-cuda]`: prints the results, and keeps them in docs/reference/images-benchmark.md. */
async function main(): Promise<void> {
    const { values } = parseArgs({
        options: { repeats: { type: "string", default: "5" }, "with-cuda": { type: "boolean", default: false } },
    });
    const repeats = Number(values.repeats);
    const workshop = await Workshop.open();
    let engine: Engine | undefined;
    try {
        const builder = await Builder.start(workshop);
        engine = await Engine.start(workshop);
        const shop = { engine, workshop };
        const rounds: Record<ArmName, Round[]> = { ours: [], plain: [] };
        for (let repeat = 0; repeat < repeats; repeat++) {
            const order: readonly ArmName[] = repeat % 2 === 0 ? ["ours", "plain"] : ["plain", "ours"];
            for (const name of order) {
                const { measured, image } = await scenarios(builder, ARMS[name](workshop), repeat);
                const service = await measureService(shop, image.ref, name === "plain" ? [] : undefined);
                rounds[name].push({ measured, sizes: await sizesBeyondBase(builder, image), service });
                process.stderr.write(
                    `${repeat + 1}/${repeats} ${name}: ${SCENARIOS.map((each) => `${each} ${(measured.get(each)?.seconds ?? NaN).toFixed(2)} s`).join(", ")}\n`,
                );
            }
        }
        const report = [
            ...(repeats === 0 ? [] : resultTables(rounds)),
            ...(repeats === 0 ? [] : await buildsThroughUp(repeats)),
            ...(values["with-cuda"] ? await contentsBySize(builder, engine, ROOT) : []),
        ].join("\n");
        if (repeats > 0) {
            const format = { ...(await prettier.resolveConfig(RESULTS)), filepath: RESULTS };
            fs.writeFileSync(RESULTS, await prettier.format(`${report}\n`, format));
        }
        process.stdout.write(`${report}\n`);
    } finally {
        await engine?.close();
        await workshop.close();
    }
}

main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 1;
});
