import * as http from "node:http";
import * as path from "node:path";
import type { View } from "../../cloud/cloud";
import type { Home } from "../../home";

/** What exists in the simulated cloud, oldest first. */
export function readLedger(home: Home): Promise<readonly View[]> {
    return new Promise((resolve, reject) => {
        http.get({ socketPath: path.join(home.run, "cloud.sock"), path: "/ledger", timeout: 10_000 }, (response) => {
            let body = "";
            response.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
            response.on("end", () => {
                resolve(JSON.parse(body) as readonly View[]);
            });
        }).on("error", reject);
    });
}
