import { json } from "node:stream/consumers";
import type { ImageCheck } from "../../cloud/gke/clusters";
import type { ControlPlane } from "../control-plane/control-plane";
import { type ClusterServer, serveCluster } from "../control-plane/https-server";
import type { Pod } from "../../kube/objects";

/** Name of GKE's webhook, which its refusals contain. */
const NAME = "imagepolicywebhook.image-policy.k8s.io";
const PATH = `/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/${NAME}`;
/** Label of a pod that is created whatever its images are. https://cloud.google.com/binary-authorization/docs/using-breakglass */
const BREAK_GLASS = "image-policy.k8s.io/break-glass";

/** An admission request for a pod. https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#request */
export interface PodReview {
    readonly uid: string;
    readonly object: Pick<Pod, "metadata" | "spec">;
    /** The pod before an update. */
    readonly oldObject?: Pick<Pod, "spec"> | null;
}

/**
 * GKE's admission webhook of Binary Authorization. It runs on this machine. Unlike GKE's, it fails closed, so that no pod escapes the check while the
 * daemon starts.
 */
export class ImagePolicy {
    private server: ClusterServer | undefined;
    private check: ImageCheck | undefined;

    constructor(private readonly plane: Pick<ControlPlane, "api" | "authority">) {}

    /** Checks the images of new pods, or stops checking. */
    async set(check: ImageCheck | undefined): Promise<void> {
        this.check = check;
        if (check === undefined) {
            await this.plane.api.delete(PATH);
            this.stop();
        } else if (this.server === undefined) {
            this.server = await this.start();
            await this.plane.api.apply(PATH, configuration(this.server));
        }
    }

    stop(): void {
        this.server?.close();
        this.server = undefined;
    }

    private start(): Promise<ClusterServer> {
        return serveCluster(this.plane.authority, { name: NAME, host: "127.0.0.1" }, (request, response) => {
            json(request).then(
                (review) => {
                    const answer = reviewOf((review as { request: PodReview }).request, this.check ?? (() => undefined));
                    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
                },
                (error: unknown) => response.writeHead(400).end(String(error)),
            );
        });
    }
}

function configuration({ port, caBundle }: ClusterServer): object {
    return {
        apiVersion: "admissionregistration.k8s.io/v1",
        kind: "ValidatingWebhookConfiguration",
        metadata: { name: NAME },
        webhooks: [
            {
                ...{ name: NAME, admissionReviewVersions: ["v1"], sideEffects: "None", failurePolicy: "Fail", timeoutSeconds: 10 },
                clientConfig: { url: `https://127.0.0.1:${port}/`, caBundle },
                rules: [
                    {
                        ...{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE", "UPDATE"] },
                        resources: ["pods", "pods/ephemeralcontainers"],
                    },
                ],
            },
        ],
    };
}

/** Answers an admission request. An update is refused only for images that it adds. */
export function reviewOf({ uid, object, oldObject }: PodReview, check: ImageCheck): object {
    const before = imagesOf(oldObject?.spec);
    const added = imagesOf(object.spec).filter((image) => !before.includes(image));
    const isExempt = object.metadata.labels?.[BREAK_GLASS] === "true";
    const denials = isExempt ? [] : added.flatMap((image) => check(image) ?? []);
    return {
        apiVersion: "admission.k8s.io/v1",
        kind: "AdmissionReview",
        response: {
            ...{ uid, allowed: denials.length === 0 },
            ...(denials.length > 0 && { status: { code: 403, reason: "VIOLATES_POLICY", message: denials.join("; ") } }),
        },
    };
}

/** Images of a pod, each once. */
function imagesOf(spec: Partial<Pod["spec"]> | undefined): readonly string[] {
    const containers = [...(spec?.initContainers ?? []), ...(spec?.containers ?? []), ...(spec?.ephemeralContainers ?? [])];
    return [...new Set(containers.flatMap(({ image }) => image ?? []))];
}
