import { outputOf } from "../../command-line/program";

/**
 * An access token for Google's APIs: from the environment, as the Google Cloud provider reads it, else of gcloud's account.
 * https://www.pulumi.com/registry/packages/gcp/installation-configuration/#configuration
 * @throws ProgramError if gcloud is missing, or nobody is logged in
 */
export async function googleToken(): Promise<string> {
    const { GOOGLE_OAUTH_ACCESS_TOKEN: given = "" } = process.env;
    return given === "" ? (await outputOf("gcloud", ["auth", "print-access-token", "--quiet"], process.cwd())).trim() : given;
}

/** The authorization header for Google; undefined without gcloud or a login, which is enough for public repositories. */
export const googleAuthorization = (): Promise<string | undefined> =>
    googleToken().then(
        (token) => `Bearer ${token}`,
        () => undefined,
    );
