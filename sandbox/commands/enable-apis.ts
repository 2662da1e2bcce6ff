import { APIS } from "../../gke/apis";
import type { DaemonStatus } from "../daemon/client";
import type { Home } from "../home";
import { accessToken } from "../identity/access-token";

/**
 * Enables the APIs of a stack in a project, as `npm run bootstrap` does.
 * @throws Error with the reason of the simulated API
 */
export async function enableApis(home: Home, { api }: Pick<DaemonStatus, "api">, project: string): Promise<void> {
    const response = await fetch(`http://${api}/serviceusage.googleapis.com/v1/projects/${project}/services:batchEnable`, {
        method: "POST",
        headers: { authorization: `Bearer ${accessToken(home)}`, "content-type": "application/json" },
        body: JSON.stringify({ serviceIds: Object.keys(APIS) }),
    });
    if (!response.ok) {
        const { error } = (await response.json()) as { error?: { message: string } };
        throw new Error(`The APIs of project ${project} could not be enabled: ${error?.message ?? `status ${response.status}`}`);
    }
}
