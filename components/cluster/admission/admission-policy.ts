import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterConfig } from "../config";
import { KUEUE_IMAGE } from "../queues/kueue-chart";

export interface AdmissionPolicyArgs extends NonNullable<ClusterConfig["binaryAuthorization"]> {
    readonly project: string;
    /** Whether the stack installs Kueue. @default false */
    readonly queues?: boolean | undefined;
    /** References of the stack's images that Cloud Build did not build. They need no attestation. @default none */
    readonly images?: pulumi.Input<readonly string[]> | undefined;
    /** Resolves when the builds that the stack deploys are done: before its first build, a project has no attestor. @default at once */
    readonly built?: pulumi.Output<unknown> | undefined;
}

/**
 * The project's policy of Binary Authorization: its clusters admit only images that Cloud Build built in the build project, and Google's system images.
 * A project has one policy, which applies to every cluster that evaluates it. Without this resource, the policy admits all images.
 */
export class AdmissionPolicy extends pulumi.ComponentResource {
    constructor(name: string, args: AdmissionPolicyArgs, opts?: pulumi.ComponentResourceOptions) {
        super("ml-platform:index:AdmissionPolicy", name, {}, opts);
        const { project, buildProject, exempt, queues = false, images = [], built } = args;
        new gcp.binaryauthorization.Policy(
            name,
            {
                project,
                description: "Admits images that Cloud Build built",
                globalPolicyEvaluationMode: "ENABLE",
                admissionWhitelistPatterns: pulumi
                    .output(images)
                    .apply((own) => [...exempt, ...(queues ? [KUEUE_IMAGE] : []), ...own].map((namePattern) => ({ namePattern }))),
                defaultAdmissionRule: {
                    evaluationMode: "REQUIRE_ATTESTATION",
                    enforcementMode: "ENFORCED_BLOCK_AND_AUDIT_LOG",
                    requireAttestationsBies: [`projects/${buildProject}/attestors/built-by-cloud-build`],
                },
            },
            { parent: this, dependsOn: built?.apply((): pulumi.Resource[] => []) ?? [] },
        );
        this.registerOutputs({});
    }
}
