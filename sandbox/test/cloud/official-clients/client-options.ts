import { OAuth2Client } from "google-auth-library";
import { type ApiUnderTest, TOKEN } from "../test-api";

/** Options of Google's generated clients for the API of a test. @param projectId project of the client. Default: p */
export function clientOptions({ port }: ApiUnderTest, projectId = "p") {
    const authClient = new OAuth2Client();
    authClient.setCredentials({ access_token: TOKEN });
    return { fallback: "rest", apiEndpoint: "127.0.0.1", port, protocol: "http", authClient, projectId } as const;
}

/** Returns the message of a rejected call; empty if the call succeeds. */
export function refusal(work: Promise<unknown>): Promise<string> {
    return work.then(
        () => "",
        (error: unknown) => (error as Error).message,
    );
}
