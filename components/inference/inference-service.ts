import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { autoscalerSpec, autoscalingMetricSpec, dutyCycleQuery, podMonitoringSpec } from "../../k8s/autoscaling";
import { METRIC_LABEL, SERVICE_PORT, deploymentSpec, disruptionBudgetSpec, serviceLabels, serviceSpec } from "../../k8s/inference";
import { serviceNetworkSpec } from "../../k8s/network/network-policy";
import { rollout, rolloutAwaitSeconds } from "../../k8s/rollout";
import { buckets } from "../../k8s/volumes";
import type { ServiceConfig } from "./config";
import type { Placement, WorkloadImage } from "../workloads/placement/placement";
import { bounds } from "./service-workloads";
import { publicEndpoint, type DnsRecords } from "./public-endpoint";
import { workloadIdentity } from "../workloads/workload-identity";
import { workloadNetwork } from "../workloads/workload-network";

export interface InferenceServiceArgs {
    /** Everything that the stack file says about the service. */
    readonly service: ServiceConfig;
    readonly project: string;
    readonly namespace: pulumi.Input<string>;
    /** Name of the cluster; tells its GPU metrics from those of the project's other clusters. @default all clusters */
    readonly cluster?: pulumi.Input<string> | undefined;
    /** Image by digest, and what it computes on. */
    readonly image: WorkloadImage;
    /** Where its pods land, and whether there is room for one more. */
    readonly placement: Placement;
}

/** Where a service is. */
export interface ServiceSummary {
    readonly namespace: string;
    readonly deployment: string;
    readonly service: string;
    /** Address inside the cluster, or the public one. */
    readonly url: string;
    /** What the owner of the public host's zone enters there; absent for a service inside the cluster. */
    readonly dns?: pulumi.Unwrap<DnsRecords> | undefined;
}

/** A model served over HTTP on GPU nodes. */
export class InferenceService extends pulumi.ComponentResource {
    /** Name of the service. */
    readonly name: string;
    /** What a stack's outputs say about it. */
    readonly summary: pulumi.Output<ServiceSummary>;

    constructor(name: string, args: InferenceServiceArgs, opts?: pulumi.ComponentResourceOptions) {
        super("ml-platform:index:InferenceService", name, {}, opts);
        const metadata = { name: args.service.name, namespace: args.namespace, labels: serviceLabels(args.service.name) };
        const options = { parent: this };

        const serviceAccount = workloadIdentity(
            name,
            { ...args, kind: "service", account: args.service.name, reads: buckets([args.service.model]), writes: [] },
            this,
        );
        const network = this.network(name, args, metadata);
        const deployment = this.rolledOut(name, args, { metadata, serviceAccount, network });
        const service = new kubernetes.core.v1.Service(
            `${name}-service`,
            { metadata, spec: serviceSpec(args.service.name) },
            // A Service is waited for until it has pods. Created first, as many Services as the engine works on at a time would hold all its places and wait
            // for Deployments that get none.
            { ...options, dependsOn: [deployment] },
        );
        new kubernetes.policy.v1.PodDisruptionBudget(
            `${name}-budget`,
            { metadata, spec: disruptionBudgetSpec(args.service.name) },
            options,
        );
        this.autoscaler(name, args, metadata);
        const dns = this.publicEndpoint(name, args, service);

        this.name = args.service.name;
        this.summary = pulumi.output({
            namespace: args.namespace,
            deployment: deployment.metadata.name,
            service: service.metadata.name,
            url: addressOf(args, service.metadata.name),
            dns,
        });
        this.registerOutputs({ summary: this.summary });
    }

    private publicEndpoint(name: string, args: InferenceServiceArgs, service: kubernetes.core.v1.Service): DnsRecords | undefined {
        const { public: endpoint, drainSeconds } = args.service;
        if (endpoint === undefined) {
            return undefined;
        }
        return publicEndpoint(name, { host: endpoint.host, drainSeconds, namespace: args.namespace, service: service.metadata.name }, this);
    }

    private rolledOut(name: string, args: InferenceServiceArgs, before: Prepared): kubernetes.apps.v1.Deployment {
        const { service } = args;
        const { min, max } = bounds(service);
        const strategy = rollout({ replicas: max, fitsOneMore: args.placement.fitsOneMore });
        if (strategy.warning !== undefined) {
            void pulumi.log.warn(`${service.name}: ${strategy.warning}`, this);
        }
        const timeout = `${rolloutAwaitSeconds(service, max)}s`;
        return new kubernetes.apps.v1.Deployment(
            name,
            {
                // The number of pods that the autoscaler, or a person with kubectl, has set is no conflict: the stack file has the last word.
                metadata: { ...before.metadata, annotations: { "pulumi.com/patchForce": "true" } },
                spec: deploymentSpec({
                    ...service,
                    replicas: min,
                    image: args.image.ref,
                    serviceAccount: before.serviceAccount,
                    placement: args.placement.nodes,
                    rollout: strategy,
                    env: { DEVICE: args.image.device, ...service.variables },
                }),
            },
            {
                parent: this,
                dependsOn: before.network,
                customTimeouts: { create: timeout, update: timeout },
                // Left out, the number would fall to 1 (pulumi-kubernetes#2491); given, it would undo the autoscaler's at each update.
                ignoreChanges: service.autoscaling === undefined ? [] : ["spec.replicas"],
            },
        );
    }

    private network(name: string, { service }: InferenceServiceArgs, metadata: Metadata): pulumi.Resource[] {
        const { egress } = service;
        const podLabels = serviceLabels(service.name);
        const policy = serviceNetworkSpec(podLabels, { port: SERVICE_PORT, public: service.public !== undefined, egress });
        return workloadNetwork(name, { metadata, podLabels, policy, egress }, this);
    }

    private autoscaler(name: string, { service, namespace, cluster }: InferenceServiceArgs, metadata: Metadata): void {
        const { autoscaling, gpus, coldStartSeconds } = service;
        new kubernetes.apiextensions.CustomResource(
            `${name}-metrics`,
            {
                apiVersion: "monitoring.googleapis.com/v1",
                kind: "PodMonitoring",
                metadata,
                spec: podMonitoringSpec(serviceLabels(service.name)),
            },
            { parent: this },
        );
        if (autoscaling !== undefined) {
            const dutyCycle = pulumi
                .all([namespace, cluster])
                .apply(([inNamespace, ofCluster]) =>
                    dutyCycleQuery({ name: service.name, namespace: inNamespace, cluster: ofCluster, gpus }),
                );
            const source = { load: autoscaling, podLabels: { [METRIC_LABEL]: service.name }, port: SERVICE_PORT, dutyCycle };
            new kubernetes.apiextensions.CustomResource(
                `${name}-load`,
                { apiVersion: "autoscaling.gke.io/v1beta1", kind: "AutoscalingMetric", metadata, spec: autoscalingMetricSpec(source) },
                { parent: this },
            );
        }
        const { min, max } = bounds(service);
        new kubernetes.autoscaling.v2.HorizontalPodAutoscaler(
            `${name}-autoscaler`,
            { metadata, spec: autoscalerSpec({ name: service.name, min, max, load: autoscaling, coldStartSeconds }) },
            { parent: this },
        );
    }
}

function addressOf({ service, namespace }: InferenceServiceArgs, name: pulumi.Output<string>): pulumi.Input<string> {
    return service.public === undefined
        ? pulumi.interpolate`http://${name}.${namespace}.svc.cluster.local`
        : `https://${service.public.host}`;
}

/** What has to be there before the pods. */
interface Prepared {
    readonly metadata: Metadata;
    readonly serviceAccount: pulumi.Output<string>;
    readonly network: pulumi.Resource[];
}

/** Name, namespace and labels of everything that belongs to the service. */
interface Metadata {
    readonly name: string;
    readonly namespace: pulumi.Input<string>;
    readonly labels: Record<string, string>;
}
