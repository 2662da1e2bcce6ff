import * as fs from "node:fs";

/** The last lines of a log file; empty where there is no such file. */
export function tail(file: string, lines = 20): string {
    if (!fs.existsSync(file)) {
        return "";
    }
    return fs.readFileSync(file, "utf8").trimEnd().split("\n").slice(-lines).join("\n");
}
