import * as fs from "node:fs";
import * as path from "node:path";
import { SERVED_APIS } from "../../../cloud/discovery/served-methods";

/** A recorded request to Google's API, and its response. */
export interface Exchange {
    /** The id of the method in the discovery document. */
    readonly id: string;
    readonly method: string;
    /** Path with the host of the service in front. */
    readonly path: string;
    readonly body?: unknown;
    readonly status: number;
    readonly answer: unknown;
}

/** A line of the recording. */
interface Recorded {
    readonly phase: string;
    readonly method: string | null;
    readonly request: { readonly method: string; readonly path: string; readonly body?: unknown };
    readonly response: { readonly status: number; readonly body: unknown };
}

/** The exchanges of the served methods, in order. Omits a read that has the same response as the previous read. */
function cut(lines: readonly string[]): readonly Exchange[] {
    const served = new Set(SERVED_APIS.flatMap(({ methods }) => methods));
    const last = new Map<string, string>();
    return lines.flatMap((line) => {
        const { phase, method: id, request, response } = JSON.parse(line) as Recorded;
        const key = `${request.method} ${request.path}`;
        const answer = JSON.stringify(response);
        const isRepeated = request.method === "GET" && last.get(key) === answer;
        last.set(key, answer);
        // The recording lacks an update before this function call.
        if (id === null || !served.has(id) || isRepeated || phase === "invoke getCluster") {
            return [];
        }
        const { method, path, body } = request;
        return [{ id, method, path: path.slice(1), ...(body !== undefined && { body }), status: response.status, answer: response.body }];
    });
}

const [recording] = process.argv.slice(2);
if (require.main === module && recording !== undefined) {
    const lines = fs.readFileSync(recording, "utf8").trimEnd().split("\n");
    const exchanges = cut(lines).map((exchange) => JSON.stringify(exchange));
    fs.writeFileSync(path.join(__dirname, "exchanges.json"), `[\n${exchanges.join(",\n")}\n]\n`);
}
