import { typeRule, type Inputs } from "../../inputs";
import type { Finding } from "../../rule";

export function internal({ metadata, spec }: Inputs<"kubernetes:core/v1:Service">): Finding {
    if (spec?.type === "NodePort") {
        return "The Service opens a port on every node.";
    }
    const isPublic = spec?.type === "LoadBalancer" && metadata?.annotations?.["networking.gke.io/load-balancer-type"] !== "Internal";
    return isPublic ? "The Service gets an address on the internet." : undefined;
}

export const servicePolicies = [
    typeRule("kubernetes:core/v1:Service", {
        name: "service-internal",
        description: "No Service is exposed to the internet directly.",
        remedy: "Use type ClusterIP behind a Gateway, or the annotation networking.gke.io/load-balancer-type: Internal.",
        check: internal,
    }),
];
