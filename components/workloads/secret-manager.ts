import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { secretFiles, secretObjectNames, secretVariables, type PodSecret } from "../../k8s/secrets/pod-secrets";
import { secretProviderClassSpec, secretSyncSpec } from "../../k8s/secrets/secret-objects";

/** The secrets of a workload in Secret Manager. */
export interface SecretManagerArgs {
    /** Service or run, unique in its namespace. */
    readonly owner: string;
    /** Default project of the secrets. */
    readonly project: string;
    readonly namespace: pulumi.Input<string>;
    readonly secrets: readonly PodSecret[];
    /** Kubernetes service account, bound to the Google service account that can read them. */
    readonly serviceAccount: pulumi.Input<string>;
}

/** Creates, under a component, the objects that provide its pods with secrets from Secret Manager. */
export function secretManagerObjects(name: string, args: SecretManagerArgs, parent: pulumi.ComponentResource): pulumi.Resource[] {
    const { owner, project, secrets, serviceAccount } = args;
    const { files, variables } = secretObjectNames(owner, secrets);
    const providerClass = (suffix: string, object: string, listed: Parameters<typeof secretProviderClassSpec>[1]) =>
        new kubernetes.apiextensions.CustomResource(
            `${name}-${suffix}`,
            {
                apiVersion: "secrets-store.csi.x-k8s.io/v1",
                kind: "SecretProviderClass",
                metadata: { name: object, namespace: args.namespace },
                spec: secretProviderClassSpec(project, listed),
            },
            { parent },
        );
    const objects: pulumi.Resource[] = [];
    if (files !== undefined) {
        objects.push(providerClass("secret-files", files, secretFiles(secrets)));
    }
    if (variables !== undefined) {
        const listed = secretVariables(secrets);
        const source = providerClass("secret-variables", variables, listed);
        objects.push(
            new kubernetes.apiextensions.CustomResource(
                `${name}-secret-sync`,
                {
                    apiVersion: "secret-sync.gke.io/v1",
                    kind: "SecretSync",
                    metadata: { name: variables, namespace: args.namespace },
                    spec: secretSyncSpec(variables, serviceAccount, listed),
                },
                { parent, dependsOn: [source] },
            ),
        );
    }
    return objects;
}
