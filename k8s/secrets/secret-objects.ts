import type { Input } from "@pulumi/pulumi";
import type { SecretFile, SecretVariable, SecretVersion } from "./pod-secrets";

/** Full name of a secret, `projects/<project>/secrets/<name>`. */
export const fullSecretName = ({ secret }: Pick<SecretVersion, "secret">, project: string): string =>
    secret.includes("/") ? secret : `projects/${project}/secrets/${secret}`;

/**
 * SecretProviderClass: which versions GKE's add-on reads, and the names that it gives them.
 * https://cloud.google.com/secret-manager/docs/secret-manager-managed-csi-component
 */
export function secretProviderClassSpec(project: string, secrets: readonly (SecretFile | SecretVariable)[]) {
    const items = secrets.map((secret) => {
        const path = "file" in secret ? secret.file : secret.variable;
        return `- resourceName: "${fullSecretName(secret, project)}/versions/${secret.version}"\n  path: "${path}"\n`;
    });
    return { provider: "gke", parameters: { secrets: items.join("") } };
}

/**
 * SecretSync: the Kubernetes Secret of its name, filled from a SecretProviderClass as the workload's own account.
 * https://cloud.google.com/secret-manager/docs/sync-k8-secrets
 */
export function secretSyncSpec(secretProviderClassName: string, serviceAccountName: Input<string>, secrets: readonly SecretVariable[]) {
    const data = secrets.map(({ variable }) => ({ sourcePath: variable, targetKey: variable }));
    return { serviceAccountName, secretProviderClassName, secretObject: { type: "Opaque", data } };
}
