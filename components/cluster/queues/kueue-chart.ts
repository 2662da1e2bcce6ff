import type * as kubernetes from "@pulumi/kubernetes";
import { STACK_LABEL } from "../../../k8s/gpu";

/** Version of Kueue, of its chart and of its image. */
export const KUEUE_VERSION = "0.17.0";

const REPOSITORY = "registry.k8s.io/kueue/kueue";

/** Image of Kueue's controller. */
export const KUEUE_IMAGE = `${REPOSITORY}:v${KUEUE_VERSION}`;

/** Namespace of Kueue's controller. */
export const KUEUE_NAMESPACE = "kueue-system";

/**
 * Port of Kueue's webhooks. The firewall of private clusters lets the control plane reach only 443 and 10250 on nodes and their pods, and the chart's 9443 times out.
 * https://cloud.google.com/kubernetes-engine/docs/how-to/private-clusters#add_firewall_rules
 */
const WEBHOOK_PORT = 10250;

/**
 * Kueue's official chart, as one Release instead of its sixty objects: every preview would compare 1.6 MB of definitions. Helm upgrades the
 * definitions, because they are templates of the chart.
 */
export const KUEUE_RELEASE: kubernetes.helm.v3.ReleaseArgs = {
    name: "kueue",
    namespace: KUEUE_NAMESPACE,
    createNamespace: true,
    chart: "oci://registry.k8s.io/kueue/charts/kueue",
    version: KUEUE_VERSION,
    // Seconds. The system pool may need a node first.
    timeout: 600,
    values: {
        controllerManager: {
            manager: { image: { repository: REPOSITORY, tag: `v${KUEUE_VERSION}`, pullPolicy: "IfNotPresent" } },
        },
        webhookService: { ports: [{ port: 443, protocol: "TCP", targetPort: WEBHOOK_PORT }] },
        // The chart takes the file as text; JSON is YAML.
        managerConfig: { controllerManagerConfigYaml: JSON.stringify(configuration(), undefined, 2) },
    },
};

/** Configuration of the controller. https://kueue.sigs.k8s.io/docs/reference/kueue-config.v1beta2/ */
function configuration() {
    return {
        apiVersion: "config.kueue.x-k8s.io/v1beta2",
        kind: "Configuration",
        health: { healthProbeBindAddress: ":8081" },
        metrics: { bindAddress: ":8443" },
        webhook: { port: WEBHOOK_PORT },
        leaderElection: { leaderElect: true, resourceName: "c1f6bfd2.kueue.x-k8s.io" },
        // The webhooks of Jobs fail closed. They are limited to the namespaces of stacks, so that a controller that is down does not block other Jobs.
        managedJobsNamespaceSelector: { matchExpressions: [{ key: STACK_LABEL, operator: "Exists" }] },
        integrations: { frameworks: ["batch/job"] },
    };
}
