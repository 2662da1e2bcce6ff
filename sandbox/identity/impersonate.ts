import type { DaemonStatus } from "../daemon/client";
import type { Home } from "../home";
import { accessToken } from "./access-token";

/** https://developers.google.com/identity/protocols/oauth2/scopes */
const EVERY_CLOUD_API = "https://www.googleapis.com/auth/cloud-platform";

/**
 * Returns an access token of a service account, as `gcloud auth print-access-token --impersonate-service-account` does.
 * @param email of an account of the simulated cloud
 * @throws Error if the account does not exist or is disabled
 */
export async function tokenOf(home: Home, { api }: Pick<DaemonStatus, "api">, email: string): Promise<string> {
    const account = `projects/-/serviceAccounts/${encodeURIComponent(email)}`;
    const response = await fetch(`http://${api}/iamcredentials.googleapis.com/v1/${account}:generateAccessToken`, {
        method: "POST",
        headers: { authorization: `Bearer ${accessToken(home)}`, "content-type": "application/json" },
        body: JSON.stringify({ scope: [EVERY_CLOUD_API] }),
    });
    const answer = (await response.json()) as { accessToken?: string; error?: { message: string } };
    if (answer.accessToken === undefined) {
        throw new Error(
            `--as ${email}: ${answer.error?.message ?? `status ${response.status}`}. Name a service account of the simulated cloud, as name@project.iam.gserviceaccount.com.`,
        );
    }
    return answer.accessToken;
}
