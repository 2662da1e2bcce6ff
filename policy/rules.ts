import type { EnforcementLevel, Policies } from "@pulumi/policy";
import { buildPolicies, productionBuildPolicies } from "./rules/builds";
import { clusterPolicies, productionClusterPolicies } from "./rules/cluster";
import { containerPolicies } from "./rules/containers";
import { gpuPolicies } from "./rules/gpus";
import { iamPolicies } from "./rules/iam";
import { imagePolicies, productionImagePolicies } from "./rules/images";
import { jobPolicies } from "./rules/jobs";
import { namespacePolicies } from "./rules/namespaces";
import { nodePoolPolicies } from "./rules/node-pools";
import { podPolicies } from "./rules/pods";
import { productionRegistryPolicies, registryPolicies } from "./rules/registry";
import { servicePolicies } from "./rules/services";
import { stackPolicies } from "./rules/stack";

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

/** Rules that do not fit development: such a stack builds its images, and is destroyed when nobody needs it. */
const PRODUCTION_ONLY: Policies = [
    ...productionImagePolicies,
    ...productionClusterPolicies,
    ...productionRegistryPolicies,
    ...productionBuildPolicies,
];

/** Every rule at its level: mandatory in production, advisory elsewhere. The pack's configuration can set other levels. */
export function policies(production: boolean): Policies {
    const at = (enforcementLevel: EnforcementLevel, rules: Policies): Policies => rules.map((rule) => ({ ...rule, enforcementLevel }));
    return [...at(production ? "mandatory" : "advisory", COMMON), ...at(production ? "mandatory" : "disabled", PRODUCTION_ONLY)];
}
