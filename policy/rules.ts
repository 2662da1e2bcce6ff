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

/** What every stack keeps. */
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

/** What a stack for development is rightly without: it builds its images, and is taken down when nobody needs it. */
const PRODUCTION_ONLY: Policies = [
    ...productionImagePolicies,
    ...productionClusterPolicies,
    ...productionRegistryPolicies,
    ...productionBuildPolicies,
];

/** Every rule, at the level that it has in such a stack: mandatory in production, else advice. The pack's configuration can set other levels. */
export function policies(production: boolean): Policies {
    const at = (enforcementLevel: EnforcementLevel, rules: Policies): Policies => rules.map((rule) => ({ ...rule, enforcementLevel }));
    return [...at(production ? "mandatory" : "advisory", COMMON), ...at(production ? "mandatory" : "disabled", PRODUCTION_ONLY)];
}
