/** Asks Pulumi's engine how it reads each case, and writes the answers to engine.json: `node --require tsx/cjs test/components/stack-file/record.ts [path of pulumi]`. */
import * as fs from "node:fs";
import * as path from "node:path";
import { Engine } from "./engine";

async function record(pulumi: string): Promise<void> {
    const engine = new Engine(pulumi);
    try {
        fs.writeFileSync(path.join(__dirname, "engine.json"), `${JSON.stringify(await engine.readings(), null, 4)}\n`);
    } finally {
        engine.remove();
    }
}

void record(process.argv[2] ?? "pulumi");
