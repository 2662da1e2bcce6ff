import type { types } from "@pulumi/kubernetes";

/** A secret of a pod: the name of a Kubernetes Secret, with one environment variable per key, or a version in Secret Manager. */
export type PodSecret = string | SecretFile | SecretVariable;

/** A version of a secret in Secret Manager. */
export interface SecretVersion {
    /** Name, or `projects/<project>/secrets/<name>`. */
    readonly secret: string;
    /** Number, or `latest`. */
    readonly version: string;
}

/** A secret that is mounted as a file. */
export interface SecretFile extends SecretVersion {
    readonly file: string;
}

/** A secret that is an environment variable. */
export interface SecretVariable extends SecretVersion {
    readonly variable: string;
}

/** Directory of files with secrets. */
const FOLDER = "/secrets";

/** Whether a secret is in Secret Manager. */
export const isInSecretManager = (secret: PodSecret): secret is SecretFile | SecretVariable => typeof secret !== "string";

/** The secrets that are mounted as files. */
export const secretFiles = (secrets: readonly PodSecret[]): SecretFile[] =>
    secrets.filter(isInSecretManager).filter((secret) => "file" in secret);

/** The secrets in Secret Manager that are environment variables. */
export const secretVariables = (secrets: readonly PodSecret[]): SecretVariable[] =>
    secrets.filter(isInSecretManager).filter((secret) => "variable" in secret);

/**
 * Names of the objects that provide a pod with secrets from Secret Manager: a SecretProviderClass for files, and a SecretSync and its Kubernetes Secret
 * for variables. They change with the versions, so that a rollout replaces the pods, and existing pods keep their secrets.
 * @param owner service or run, unique in its namespace
 */
export function secretObjectNames(owner: string, secrets: readonly PodSecret[]): { readonly files?: string; readonly variables?: string } {
    const [files, variables] = [secretFiles(secrets), secretVariables(secrets)];
    return {
        ...(files.length === 0 ? {} : { files: `${owner}-files-${digest(files)}` }),
        ...(variables.length === 0 ? {} : { variables: `${owner}-variables-${digest(variables)}` }),
    };
}

/** Eight hexadecimal digits that differ between sets of secrets (FNV-1a). They distinguish the names of one owner's objects and protect nothing. */
function digest(secrets: readonly SecretVersion[]): string {
    const hash = Array.from(JSON.stringify(secrets)).reduce(
        (sum, character) => Math.imul(sum ^ character.charCodeAt(0), 0x01000193),
        0x811c9dc5,
    );
    return (hash >>> 0).toString(16).padStart(8, "0");
}

/** Volume with the files of a pod's secrets; empty without files. */
export function secretVolumes(owner: string, secrets: readonly PodSecret[]) {
    const { files } = secretObjectNames(owner, secrets);
    if (files === undefined) {
        return [];
    }
    const volumeAttributes = { secretProviderClass: files };
    const volume: types.input.core.v1.Volume = {
        name: "secrets",
        csi: { driver: "secrets-store-gke.csi.k8s.io", readOnly: true, volumeAttributes },
    };
    return [{ volume, mount: { name: "secrets", mountPath: FOLDER, readOnly: true } }];
}

/** Environment variables with secrets of Secret Manager. A pod waits until its Kubernetes Secret exists. */
export function secretEnvironment(owner: string, secrets: readonly PodSecret[]): types.input.core.v1.EnvVar[] {
    const { variables: name } = secretObjectNames(owner, secrets);
    return secretVariables(secrets).map(({ variable }) => ({ name: variable, valueFrom: { secretKeyRef: { name, key: variable } } }));
}

/** Kubernetes Secrets that become environment variables, one for each key; undefined without any. */
export function secretSources(secrets: readonly PodSecret[]): types.input.core.v1.EnvFromSource[] | undefined {
    const names = secrets.filter((secret) => typeof secret === "string");
    return names.length === 0 ? undefined : names.map((name) => ({ secretRef: { name } }));
}
