import { ApiUnderTest, TOKEN } from "../../../../sandbox/test/cloud/test-api";

const VARIABLES = ["GOOGLE_CONTAINER_ANALYSIS_CUSTOM_ENDPOINT", "GOOGLE_OAUTH_ACCESS_TOKEN"] as const;

/** The project with the repository of the tests' images. Its APIs are enabled. */
export const PROJECT = "p";

/** Artifact Analysis of the simulated cloud, in place of Google's. */
export class Analysis {
    private constructor(
        private readonly api: ApiUnderTest,
        private readonly before: NodeJS.ProcessEnv,
    ) {}

    static async start(): Promise<Analysis> {
        const api = await ApiUnderTest.start();
        const before = { ...process.env };
        process.env.GOOGLE_CONTAINER_ANALYSIS_CUSTOM_ENDPOINT = `${api.url}/containeranalysis.googleapis.com/v1/`;
        process.env.GOOGLE_OAUTH_ACCESS_TOKEN = TOKEN;
        return new Analysis(api, before);
    }

    /** Records something about an image, as a scanner or a builder does. @param note `projects/…/notes/…` */
    async record(image: string, note: string, details: object): Promise<void> {
        const occurrence = { resourceUri: `https://${image}`, noteName: note, ...details };
        const at = `containeranalysis.googleapis.com/v1/projects/${PROJECT}/occurrences`;
        const { status, body } = await this.api.call("POST", at, occurrence);
        if (status !== 200) {
            throw new Error(JSON.stringify(body));
        }
    }

    /** The end of a scan. */
    scanned(image: string, analysisStatus = "FINISHED_SUCCESS"): Promise<void> {
        return this.record(image, "projects/goog-analysis/notes/PACKAGE_VULNERABILITY", { discovery: { analysisStatus } });
    }

    /** A vulnerability of OpenSSL. @param fixed version with the fix; undefined without one */
    vulnerable(image: string, id: string, effectiveSeverity: string, fixed?: string): Promise<void> {
        const fixedVersion = fixed === undefined ? { kind: "MAXIMUM" } : { kind: "NORMAL", name: fixed, fullName: fixed };
        const issue = {
            ...{ affectedCpeUri: "cpe:/o:debian:debian_linux:12", affectedPackage: "openssl", fixedVersion },
            affectedVersion: { kind: "NORMAL", name: "3.0.11", revision: "1", fullName: "3.0.11-1" },
        };
        return this.record(image, `projects/goog-vulnz/notes/${id}`, { vulnerability: { effectiveSeverity, packageIssue: [issue] } });
    }

    /** Disables the API in the project. */
    async disable(): Promise<void> {
        const at = `serviceusage.googleapis.com/v1/projects/${PROJECT}/services/containeranalysis.googleapis.com:disable`;
        await this.api.call("POST", at, {});
    }

    stop(): void {
        this.api.stop();
        for (const name of VARIABLES) {
            const value = this.before[name];
            if (value === undefined) {
                Reflect.deleteProperty(process.env, name);
            } else {
                process.env[name] = value;
            }
        }
    }
}
