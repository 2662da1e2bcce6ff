import { randomUUID } from "node:crypto";
import { createServer, type RequestListener, type Server } from "node:http";
import { mkdtempSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { APIS } from "../../../gke/apis";
import { Access } from "../../cloud/access/access";
import type { Policies } from "../../cloud/access/effective-policies";
import { Identities } from "../../cloud/access/identities";
import { numbered } from "../../cloud/api/projects";
import { apiListener } from "../../cloud/api/server";
import type { ApiService } from "../../cloud/api/service";
import { apiServices } from "../../cloud/handlers/all";
import { Quotas } from "../../cloud/handlers/compute/quotas";
import { enableApis } from "../../cloud/handlers/service-usage/enabled-apis";
import { imageChecks } from "../../cloud/handlers/binary-authorization/admission";
import { Attestations } from "../../cloud/handlers/binary-authorization/attestations";
import type { StoredImage } from "../../cloud/handlers/artifact-registry/images";
import type { Builder } from "../../cloud/handlers/cloud-build/builds";
import type { JsonObject } from "../../cloud/json";
import { Gke } from "../../cloud/handlers/container/gke";
import { Ledger } from "../../cloud/ledger";
import { FakeClusters } from "./gke/fake-clusters";

/** The access token that the API of tests accepts. */
export const TOKEN = "token-of-the-test";

/** The callers of an API, and their permissions from the policies. @param policies Default: those in the ledger */
export function testAccess(ledger: Ledger, policies?: Policies): { readonly identities: Identities; readonly access: Access } {
    return { identities: new Identities(() => TOKEN), access: new Access(ledger, policies) };
}

function plenty(ledger: Ledger, gke: Gke): Quotas {
    return new Quotas(ledger, () => gke.groupsOf(), {});
}

/** Projects of the tests, with the APIs of `npm run bootstrap` and Cloud DNS. In other projects, most APIs are disabled. */
const PREPARED = ["p", "q", "my-project", "my-organization-ml-dev"];

/** The services of Google's API over a ledger, with clusters in memory. */
export function testServices(
    ledger: Ledger,
    { identities, access } = testAccess(ledger),
    clusters = new FakeClusters(),
    quotasOf = plenty,
    builder = testBuilder(),
    images: readonly StoredImage[] = [],
): readonly ApiService[] {
    const gke = new Gke(ledger, clusters, imageChecks(ledger, access, new Attestations(ledger, builder)));
    return apiServices({
        ...{ ledger, registry: "127.0.0.1:5000", images: { of: () => images }, identities },
        ...{ gke, quotas: quotasOf(ledger, gke), builder },
    });
}

/** Google's REST API over a ledger, with clusters in memory and prepared projects. */
export function testApi(
    ledger: Ledger,
    callers = testAccess(ledger),
    clusters = new FakeClusters(),
    quotasOf = plenty,
    builder = testBuilder(),
    images: readonly StoredImage[] = [],
): RequestListener {
    for (const project of PREPARED) {
        enableApis(ledger, project, [...Object.keys(APIS), "dns.googleapis.com"]);
    }
    return apiListener({ services: testServices(ledger, callers, clusters, quotasOf, builder, images), ledger, ...callers });
}

/** A builder that records builds instead of running them. @param builds receives the builds, newest first; may contain earlier ones */
export function testBuilder(builds: JsonObject[] = []): Builder {
    return {
        list: () => builds,
        start: (trigger, commit) => {
            const id = randomUUID();
            const [parent = "", buildTriggerId = ""] = trigger.id.split("/triggers/");
            const build = { id, name: numbered(`${parent}/builds/${id}`), status: "WORKING", buildTriggerId };
            builds.unshift({ ...build, substitutions: { COMMIT_SHA: commit } });
            return builds[0] ?? {};
        },
    };
}

/** A response of the API. */
export interface Answer {
    readonly status: number;
    /** The parsed JSON body. */
    readonly body: Readonly<Record<string, unknown>>;
}

/** Google's REST API over an empty ledger, on a local port. */
export class ApiUnderTest {
    private constructor(
        readonly ledger: Ledger,
        readonly clusters: FakeClusters,
        /** Builds of Cloud Build, newest first. */
        readonly builds: JsonObject[],
        /** The images in every repository. */
        readonly images: StoredImage[],
        private readonly folder: string,
        private readonly server: Server,
    ) {}

    /**
     * @param quotasOf quotas of Compute Engine. Default: plenty
     * @param policiesOf policies in effect. Default: those in the ledger
     */
    static async start(quotasOf = plenty, policiesOf = (ledger: Ledger): Policies => ledger): Promise<ApiUnderTest> {
        const folder = mkdtempSync(path.join(tmpdir(), "api-"));
        const ledger = Ledger.open(path.join(folder, "ledger.json"));
        const clusters = new FakeClusters();
        const builds: JsonObject[] = [];
        const images: StoredImage[] = [];
        const callers = testAccess(ledger, policiesOf(ledger));
        const server = createServer(testApi(ledger, callers, clusters, quotasOf, testBuilder(builds), images));
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        return new ApiUnderTest(ledger, clusters, builds, images, folder, server);
    }

    get port(): number {
        return (this.server.address() as AddressInfo).port;
    }

    get url(): string {
        return `http://127.0.0.1:${this.port}`;
    }

    /** Sends a request with the access token. @param at host of the service and path, such as `storage.googleapis.com/storage/v1/b` */
    async call(method: string, at: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
        const response = await fetch(`${this.url}/${at}`, {
            method,
            headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json", ...headers },
            ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
        });
        const text = await response.text();
        return { status: response.status, body: (text === "" ? {} : JSON.parse(text)) as Answer["body"] };
    }

    /** Sends a request. @returns its status and, if it is refused, the reason and the message */
    async refusal(method: string, at: string, body?: unknown): Promise<string> {
        const { status, body: answer } = await this.call(method, at, body);
        const { error } = answer as { error?: { status: string; message: string } };
        return `${status} ${error?.status ?? ""}: ${error?.message ?? ""}`;
    }

    stop(): void {
        this.server.close();
        this.server.closeAllConnections();
        rmSync(this.folder, { recursive: true });
    }
}
