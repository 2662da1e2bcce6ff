import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { autoscalingMetricSpec, dutyCycleQuery, podMonitoringSpec } from "../../k8s/autoscaling";
import { METRIC_LABEL, SERVICE_WORK, deploymentSpec, serviceLabels, serviceSpec } from "../../k8s/deployments/inference";
import { serviceNetworkSpec } from "../../k8s/network/network-policy";
import { rolloutAwaitSeconds } from "../../k8s/rollout";
import { bucketAccess } from "../../k8s/volumes";
import type { ServiceConfig } from "./config";
import { podSettings, type Placement, type WorkloadImage } from "../workloads/placement/placement";
import { publicEndpoint, type DnsRecords } from "./public-endpoint";
import { boundsOf } from "../workloads/deployments/bounds";
import { workloadDeployment, workloadScale, type WorkloadMetadata } from "../workloads/deployments/deployment";
import { secretManagerObjects } from "../workloads/secret-manager";
import { workloadIdentity } from "../workloads/workload-identity";
import { workloadNetwork } from "../workloads/workload-network";

/** Settings of a service of the section `inference`, and additions of the stack. */
export interface InferenceServiceArgs extends Omit<ServiceConfig, "image" | "pool"> {
    readonly project: string;
    readonly namespace: pulumi.Input<string>;
    /** Name of the cluster, which selects its GPU metrics among those of the project. @default all clusters */
    readonly cluster?: pulumi.Input<string> | undefined;
    /** Image by digest, and its device. */
    readonly image: WorkloadImage;
    /** Nodes of its pods, and whether the pool has capacity for one more pod. */
    readonly placement: Placement;
}

/** Namespace, objects and address of a service. */
export interface ServiceSummary {
    readonly namespace: string;
    readonly deployment: string;
    readonly service: string;
    /** Address inside the cluster, or the public one. */
    readonly url: string;
    /** DNS records for the owner of the public host's zone; absent for a service inside the cluster. */
    readonly dns?: pulumi.Unwrap<DnsRecords> | undefined;
}

/** A model served over HTTP on GPU nodes. */
export class InferenceService extends pulumi.ComponentResource {
    /** Name of the service. */
    readonly name: string;
    /** Summary for the outputs of the stack. */
    readonly summary: pulumi.Output<ServiceSummary>;

    constructor(name: string, args: InferenceServiceArgs, opts?: pulumi.ComponentResourceOptions) {
        super("ml-platform:index:InferenceService", name, {}, opts);
        const metadata = { name: args.name, namespace: args.namespace, labels: serviceLabels(args.name) };
        const options = { parent: this };

        const { model, volumes } = args;
        const identity = { ...args, kind: "service", account: args.name, ...bucketAccess({ reads: [model], volumes }) };
        const serviceAccount = workloadIdentity(name, identity, this);
        const others = [
            ...this.network(name, args, metadata),
            ...secretManagerObjects(name, { ...args, owner: args.name, serviceAccount }, this),
        ];
        const deployment = this.rolledOut(name, args, { metadata, serviceAccount, others });
        const service = new kubernetes.core.v1.Service(
            `${name}-service`,
            { metadata, spec: serviceSpec(args.name) },
            // Pulumi waits for a Service until it has pods. Services that are created first could take all of the engine's parallel operations, and wait
            // for Deployments that cannot start.
            { ...options, dependsOn: [deployment] },
        );
        this.scale(name, args, metadata);
        const dns = this.publicEndpoint(name, args, service);

        this.name = args.name;
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
        const { public: endpoint, drainSeconds, port, probes } = args;
        // The checks refuse a public service with a command as its readiness probe.
        if (endpoint === undefined || !("path" in probes.ready)) {
            return undefined;
        }
        const ready = { ...probes.ready, port };
        return publicEndpoint(name, { ...endpoint, ready, drainSeconds, namespace: args.namespace, service: service.metadata.name }, this);
    }

    private rolledOut(name: string, args: InferenceServiceArgs, before: Prepared): kubernetes.apps.v1.Deployment {
        const settings = { ...args, ...podSettings(args, before.serviceAccount) };
        return workloadDeployment(
            name,
            {
                metadata: before.metadata,
                work: SERVICE_WORK,
                settings: args,
                awaitSeconds: (pods) => rolloutAwaitSeconds(args, pods),
                spec: (replicas, rollout) => deploymentSpec({ ...settings, replicas, rollout }),
                dependsOn: before.others,
            },
            this,
        );
    }

    private network(name: string, args: InferenceServiceArgs, metadata: WorkloadMetadata): pulumi.Resource[] {
        const { egress } = args;
        const podLabels = serviceLabels(args.name);
        const policy = serviceNetworkSpec(podLabels, { port: args.port, public: args.public !== undefined, egress });
        return workloadNetwork(name, { metadata, podLabels, policy, egress }, this);
    }

    private scale(name: string, args: InferenceServiceArgs, metadata: WorkloadMetadata): void {
        const { autoscaling: load, gpus, coldStartSeconds, port } = args;
        new kubernetes.apiextensions.CustomResource(
            `${name}-metrics`,
            {
                apiVersion: "monitoring.googleapis.com/v1",
                kind: "PodMonitoring",
                metadata,
                spec: podMonitoringSpec(serviceLabels(args.name)),
            },
            { parent: this },
        );
        const dutyCycle = pulumi
            .all([args.namespace, args.cluster])
            .apply(([namespace, cluster]) => dutyCycleQuery({ name: args.name, namespace, cluster, gpus }));
        const metric = load && autoscalingMetricSpec({ load, podLabels: { [METRIC_LABEL]: args.name }, port, dutyCycle });
        workloadScale(name, { metadata, bounds: boundsOf(args), load, metric, coldStartSeconds }, this);
    }
}

function addressOf({ public: endpoint, namespace }: InferenceServiceArgs, name: pulumi.Output<string>): pulumi.Input<string> {
    return endpoint === undefined ? pulumi.interpolate`http://${name}.${namespace}.svc.cluster.local` : `https://${endpoint.host}`;
}

/** The resources that must exist before the pods. */
interface Prepared {
    readonly metadata: WorkloadMetadata;
    readonly serviceAccount: pulumi.Output<string>;
    readonly others: pulumi.Resource[];
}
