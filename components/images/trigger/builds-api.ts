import * as gcp from "@pulumi/gcp";
import type * as pulumi from "@pulumi/pulumi";
import type { RequestInit, Response } from "undici";
import { z } from "zod";

/** A build of a trigger. https://cloud.google.com/build/docs/api/reference/rest/v1/projects.locations.builds */
const buildSchema = z.object({
    id: z.string(),
    status: z.string(),
    createTime: z.string().default(""),
    /** Address of the log in Google Cloud's console. */
    logUrl: z.string().default(""),
    buildTriggerId: z.string().optional(),
    tags: z.array(z.string()).default([]),
    substitutions: z.record(z.string(), z.string()).default({}),
    approval: z.object({ state: z.string().optional() }).optional(),
    results: z
        .object({ images: z.array(z.object({ name: z.string(), digest: z.string().default("") })).default([]) })
        .default({ images: [] }),
});
export type Build = Readonly<z.output<typeof buildSchema>>;

const pageSchema = z.object({ builds: z.array(buildSchema).default([]), nextPageToken: z.string().optional() });
const startedSchema = z.object({ metadata: z.object({ build: buildSchema }) });
const refusalSchema = z.object({ error: z.object({ message: z.string() }) });

/** Builds that are read at most, newest first. Older ones count as missing. */
const MOST_READ = 500;
const PAGE_SIZE = 100;
const TIMEOUT_MS = 30_000;

/** An error response of Cloud Build. */
export class BuildsError extends Error {
    constructor(
        /** HTTP status; 0 without an answer. */
        readonly status: number,
        message: string,
    ) {
        super(message);
    }

    /** Whether the same request may succeed later. */
    get isTemporary(): boolean {
        return this.status === 0 || this.status === 429 || this.status >= 500;
    }
}

/** The builds of a trigger and of those in its region, through Cloud Build's API. */
export class TriggerBuilds {
    private readonly parent: string;
    private readonly id: string;

    /**
     * @param trigger name of the trigger, `projects/…/locations/…/triggers/…`
     * @param owner resource that the calls belong to
     */
    constructor(
        readonly trigger: string,
        private readonly owner: pulumi.Resource,
    ) {
        const [, parent = "", id = ""] = /^(.+)\/triggers\/([^/]+)$/.exec(trigger) ?? [];
        this.parent = parent;
        this.id = id;
    }

    /**
     * The newest builds that triggers started in the trigger's region, newest first. In regions, the API refuses to filter them by their trigger.
     * @throws BuildsError
     */
    async list(): Promise<readonly Build[]> {
        const found: Build[] = [];
        let pageToken: string | undefined;
        for (let read = 0; read < MOST_READ; read += PAGE_SIZE) {
            const query = new URLSearchParams({ pageSize: String(PAGE_SIZE), ...(pageToken !== undefined && { pageToken }) });
            const page = pageSchema.parse(await this.call("GET", `${this.parent}/builds?${query.toString()}`));
            found.push(...page.builds.filter(({ buildTriggerId }) => buildTriggerId !== undefined));
            pageToken = page.nextPageToken;
            if (pageToken === undefined || pageToken === "") {
                break;
            }
        }
        return found.sort((a, b) => b.createTime.localeCompare(a.createTime));
    }

    /** @throws BuildsError */
    async get(id: string): Promise<Build> {
        return buildSchema.parse(await this.call("GET", `${this.parent}/builds/${id}`));
    }

    /**
     * Starts a build of a commit on any branch.
     * @throws BuildsError, for example if the repository does not have the commit
     */
    async run(commitSha: string): Promise<Build> {
        const [, projectId = ""] = this.parent.split("/");
        const started = await this.call("POST", `${this.trigger}:run`, { projectId, triggerId: this.id, source: { commitSha } });
        return startedSchema.parse(started).metadata.build;
    }

    /** Each call asks the provider for a token, because a build can last longer than a token. */
    private async call(method: string, path: string, body?: object): Promise<unknown> {
        const { accessToken } = await gcp.organizations.getClientConfig({ parent: this.owner });
        const response = await send(`${endpoint()}${path}`, {
            method,
            headers: { authorization: `Bearer ${accessToken}`, "content-type": "application/json" },
            ...(body !== undefined && { body: JSON.stringify(body) }),
        });
        const answer: unknown = await response.json().catch(() => undefined);
        if (!response.ok) {
            const reason = refusalSchema.safeParse(answer).data?.error.message;
            throw new BuildsError(response.status, reason ?? `status ${response.status}`);
        }
        return answer;
    }
}

/** Sends a request through the proxy of HTTPS_PROXY and NO_PROXY, as the provider does. Node's own `fetch` ignores them before Node 24. */
async function send(url: string, request: Pick<RequestInit, "method" | "headers" | "body">): Promise<Response> {
    const { EnvHttpProxyAgent, fetch } = await import("undici");
    const dispatcher = url.startsWith("https://") ? new EnvHttpProxyAgent() : undefined;
    try {
        return await fetch(url, { ...request, signal: AbortSignal.timeout(TIMEOUT_MS), ...(dispatcher && { dispatcher }) });
    } catch (error) {
        const { message, cause } = error as Error;
        throw new BuildsError(0, cause instanceof Error && cause.message !== "" ? cause.message : message);
    }
}

/** Address of the API, from the same variable as the provider's. https://registry.terraform.io/providers/hashicorp/google/latest/docs/guides/provider_reference#_custom_endpoint */
const endpoint = (): string => process.env.GOOGLE_CLOUD_BUILD_CUSTOM_ENDPOINT ?? "https://cloudbuild.googleapis.com/v1/";
