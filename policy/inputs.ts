import type * as dockerBuild from "@pulumi/docker-build";
import type * as gcp from "@pulumi/gcp";
import type * as kubernetes from "@pulumi/kubernetes";
import type { Unwrap } from "@pulumi/pulumi";
import { resourcePolicy, type Finding, type Resource, type RuleText } from "./rule";

/** The resource types that rules check, and their inputs. */
interface Arguments {
    "docker-build:index:Image": dockerBuild.ImageArgs;
    "gcp:artifactregistry/repository:Repository": gcp.artifactregistry.RepositoryArgs;
    "gcp:cloudbuild/trigger:Trigger": gcp.cloudbuild.TriggerArgs;
    "gcp:container/cluster:Cluster": gcp.container.ClusterArgs;
    "gcp:container/nodePool:NodePool": gcp.container.NodePoolArgs;
    "gcp:serviceaccount/key:Key": gcp.serviceaccount.KeyArgs;
    "kubernetes:apps/v1:Deployment": kubernetes.apps.v1.DeploymentArgs;
    "kubernetes:batch/v1:Job": kubernetes.batch.v1.JobArgs;
    "kubernetes:core/v1:Namespace": kubernetes.core.v1.NamespaceArgs;
    "kubernetes:core/v1:Service": kubernetes.core.v1.ServiceArgs;
    "kubernetes:policy/v1:PodDisruptionBudget": kubernetes.policy.v1.PodDisruptionBudgetArgs;
}

/** The inputs of a resource type, with all values known. */
export type Inputs<Type extends keyof Arguments> = Unwrap<Arguments[Type]>;

/** The inputs of a resource of this type; undefined for another type. */
export function inputsOf<Type extends keyof Arguments>(type: Type, resource: Pick<Resource, "type" | "props">): Inputs<Type> | undefined {
    return resource.type === type ? (resource.props as Inputs<Type>) : undefined;
}

/** A rule about all resources of one type. */
export function typeRule<Type extends keyof Arguments>(
    type: Type,
    rule: RuleText & { readonly check: (inputs: Inputs<Type>, resource: Resource) => Finding },
) {
    return resourcePolicy<Inputs<Type>>({
        ...rule,
        subjects: (resource) => [inputsOf(type, resource)].filter((inputs) => inputs !== undefined),
    });
}
