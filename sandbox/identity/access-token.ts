import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Home } from "../home";

/** Path of the file with the sandbox's access token. */
export function accessTokenFile(home: Home): string {
    return path.join(home.run, "token");
}

/** Returns the sandbox's access token, which replaces `gcloud auth print-access-token`; empty before the first start. */
export function accessToken(home: Home): string {
    try {
        return fs.readFileSync(accessTokenFile(home), "utf8").trim();
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOENT") {
            throw error;
        }
        return "";
    }
}

/** On the first start, creates the access token and the token file for API servers (kube-apiserver's --token-auth-file). */
export function makeAccessToken(home: Home): void {
    if (accessToken(home) === "") {
        fs.writeFileSync(accessTokenFile(home), randomBytes(24).toString("hex"), { mode: 0o600 });
    }
    fs.writeFileSync(path.join(home.run, "token.csv"), `${accessToken(home)},admin,admin,"system:masters"\n`, { mode: 0o600 });
}
