/** How long names may be, by what they name. */
export const NAME_LIMITS = {
    /** https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters.nodePools */
    nodePool: 40,
    /** https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters */
    cluster: 40,
    /** https://cloud.google.com/iam/docs/service-accounts-create */
    serviceAccount: { least: 6, most: 30 },
    /** https://cloud.google.com/certificate-manager/docs/reference/certificate-manager/rest/v1/projects.locations.certificateMaps.certificateMapEntries */
    certificateMapEntry: 63,
    /** https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set */
    label: 63,
    /** https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names */
    dnsLabel: 63,
} as const;

/** Characters that Pulumi's gcp provider appends to a name that it generates: a hyphen and seven hexadecimal digits. */
export const GENERATED_SUFFIX = 8;
