import type { EnforcementLevel, Policies } from "@pulumi/policy";
import { buildPolicies, productionBuildPolicies } from "./cloud/builds";
import { clusterPolicies, productionClusterPolicies } from "./cloud/cluster";
import { containerPolicies } from "./workloads/containers";
import { gpuPolicies } from "./workloads/gpus";
import { iamPolicies } from "./cloud/iam";
import { imagePolicies, productionImagePolicies } from "./cloud/images";
import { jobPolicies } from "./workloads/jobs";
import { namespacePolicies } from "./workloads/namespaces";
import { nodePoolPolicies } from "./cloud/node-pools";
import { podPolicies } from "./workloads/pods";
import { productionRegistryPolicies, registryPolicies } from "./cloud/registry";
import { servicePolicies } from "./workloads/services";
import { stackPolicies } from "./stack";

/** Rules for every stack. */
const COMMON: Policies = [
    ...imagePolicies,
    ...containerPolicies,
    ...podPolicies,
    ...gpuPolicies,
    ...jobPolicies,
    ...namespacePolicies,
    ...servicePolicies,
    ...iamPolicies,
    ...clusterPolicies,
    ...nodePoolPolicies,
    ...registryPolicies,
    ...buildPolicies,
    ...stackPolicies,
];

/** Rules for production only: a development stack builds its own images, and is destroyed when it is not in use. */
const PRODUCTION_ONLY: Policies = [
    ...productionImagePolicies,
    ...productionClusterPolicies,
    ...productionRegistryPolicies,
    ...productionBuildPolicies,
];

/**
 * Whether the stack is production: its `ml-platform:environment` is `prod`, or the key is missing and the stack is named `prod`. The engine passes both to a pack in
 * its environment. If neither is known, returns true, so that a missing value does not make the pack lenient.
 */
export function isProduction(env: Readonly<Record<string, string | undefined>>): boolean {
    const config = JSON.parse(env.PULUMI_CONFIG ?? "{}") as Record<string, string>;
    return (config["ml-platform:environment"] ?? env.PULUMI_NODEJS_STACK ?? "prod") === "prod";
}

/** Every rule at its level: mandatory in production, advisory elsewhere. The pack's configuration can set other levels. */
export function policies(production: boolean): Policies {
    const at = (enforcementLevel: EnforcementLevel, rules: Policies): Policies => rules.map((rule) => ({ ...rule, enforcementLevel }));
    return [...at(production ? "mandatory" : "advisory", COMMON), ...at(production ? "mandatory" : "disabled", PRODUCTION_ONLY)];
}
