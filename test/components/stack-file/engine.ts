import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import { documents, scalars } from "./cases";

/** The values of a stack file by their keys, as the engine passes them to the program; null if it refuses the file. */
export type Reading = Readonly<Record<string, string>> | null;

/** The engine's readings, by case. */
export interface Readings {
    readonly scalars: Readonly<Record<string, Reading>>;
    readonly documents: Readonly<Record<string, Reading>>;
}

/** Each reading starts the CLI, which waits more than it computes. */
const AT_A_TIME = 4;

/** Pulumi's engine as a reader of stack files. */
export class Engine {
    private readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), "engine-"));
    private files = 0;

    /** @param pulumi path of the CLI */
    constructor(private readonly pulumi: string) {
        fs.mkdirSync(path.join(this.folder, "state"));
        fs.writeFileSync(path.join(this.folder, "Pulumi.yaml"), "name: ml-platform\nruntime: nodejs\n");
    }

    /** Reads every case. */
    async readings(): Promise<Readings> {
        await this.run("stack", "init", "dev", "--no-select");
        const wholes: [string, Reading][] = [];
        const queue = Object.entries(documents);
        const readers = Array.from({ length: AT_A_TIME }, async () => {
            for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
                wholes.push([next[0], await this.read(next[1])]);
            }
        });
        await Promise.all(readers);
        return { scalars: Object.fromEntries(await this.readScalars(scalars)), documents: inOrder(documents, Object.fromEntries(wholes)) };
    }

    remove(): void {
        fs.rmSync(this.folder, { recursive: true });
    }

    /** Reads scalars in one file. If the engine refuses the file, reads each half in its own file. */
    private async readScalars(some: readonly string[]): Promise<[string, Reading][]> {
        const lines = some.map((scalar, at) => around(scalar, String(at)));
        const values = await this.read(`config:\n${lines.join("")}`);
        if (values === null && some.length > 1) {
            const middle = Math.ceil(some.length / 2);
            const halves = [some.slice(0, middle), some.slice(middle)].map((half) => this.readScalars(half));
            return (await Promise.all(halves)).flat();
        }
        return some.map((scalar, at) => [
            scalar,
            values && { "a:top": String(values[`a:top${at}`]), "a:inner": String(values[`a:inner${at}`]) },
        ]);
    }

    private async read(text: string): Promise<Reading> {
        this.files += 1;
        const file = path.join(this.folder, `${this.files}.yaml`);
        fs.writeFileSync(file, text);
        try {
            const printed = await this.run("config", "--json", "--stack", "dev", "--config-file", file);
            const values = JSON.parse(printed) as Readonly<Record<string, { readonly value: string }>>;
            return Object.fromEntries(Object.entries(values).map(([key, { value }]) => [key, value]));
        } catch (error) {
            // The CLI exits with 255 or 1 if it refuses a file; anything else is an unexpected failure.
            if (typeof (error as { code?: unknown }).code !== "number") {
                throw error;
            }
            return null;
        }
    }

    private async run(...args: readonly string[]): Promise<string> {
        const env = {
            PATH: process.env.PATH,
            HOME: this.folder,
            TZ: "UTC",
            PULUMI_BACKEND_URL: `file://${path.join(this.folder, "state")}`,
            PULUMI_HOME: path.join(this.folder, "home"),
            PULUMI_CONFIG_PASSPHRASE: "none",
            PULUMI_SKIP_UPDATE_CHECK: "true",
        };
        const { stdout } = await promisify(execFile)(this.pulumi, [...args, "--non-interactive"], { cwd: this.folder, env });
        return stdout;
    }
}

/** The lines with a scalar, at the top and inside an object. */
export const around = (scalar: string, name = ""): string =>
    `  a:top${name}: ${scalar}\n  a:inner${name}:\n    value: ${scalar}\n    list:\n      - ${scalar}\n`;

const inOrder = <T>(keys: object, values: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(Object.keys(keys).flatMap((key) => (key in values ? [[key, values[key] as T]] : [])));
