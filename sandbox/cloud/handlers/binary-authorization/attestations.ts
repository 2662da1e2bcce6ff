import { type JsonObject, listAt, textAt, valueAt } from "../../json";
import type { Ledger } from "../../ledger";
import type { Builder } from "../cloud-build/builds";
import { apisOf } from "../service-usage/enabled-apis";

const HOST = "binaryauthorization.googleapis.com";
const NAME = "built-by-cloud-build";

/**
 * The attestations of Cloud Build. Its first build of images creates the attestor `built-by-cloud-build` in a project that has the API of Binary
 * Authorization, and it attests the images that a verified build lists. https://cloud.google.com/binary-authorization/docs/deploy-cloud-build
 */
export class Attestations {
    constructor(
        private readonly ledger: Pick<Ledger, "apis">,
        private readonly builder: Pick<Builder, "list">,
    ) {}

    /** Whether an attestor has attested an image. Only Cloud Build attests images in the sandbox. @param digest `sha256:…` */
    isAttested(digest: string, attestor: string): boolean {
        return this.attested(attestor).includes(digest);
    }

    /** Returns the name of Cloud Build's attestor in a project; undefined before the first build of images. */
    cloudBuildAttestor(project: string): string | undefined {
        const name = `projects/${project}/attestors/${NAME}`;
        return this.attested(name).length > 0 ? name : undefined;
    }

    /** Digests of the images that Cloud Build attested in the attestor's project. */
    private attested(attestor: string): readonly string[] {
        const [, project = "", , name] = attestor.split("/");
        if (name !== NAME || !apisOf(this.ledger, project).includes(HOST)) {
            return [];
        }
        return this.builder.list().flatMap((build) => (build.projectId === project ? attestedBy(build) : []));
    }
}

function attestedBy(build: JsonObject): readonly string[] {
    const isVerified = build.status === "SUCCESS" && valueAt(build, "options", "requestedVerifyOption") === "VERIFIED";
    return isVerified ? listAt(build, "results", "images").map((image) => textAt(image, "digest")) : [];
}
