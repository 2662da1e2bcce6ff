/** Maximum length of a name, by the type that it names. */
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

/** Lower-case letters, digits and hyphens, beginning with a letter and not ending with a hyphen. */
const letterFirst = (longest: number, least = 1): RegExp =>
    least === 1
        ? new RegExp(`^[a-z]([-a-z0-9]{0,${longest - 2}}[a-z0-9])?$`)
        : new RegExp(`^[a-z][-a-z0-9]{${least - 2},${longest - 2}}[a-z0-9]$`);

/** Forms of names that Google Cloud accepts. */
export const GOOGLE_NAMES = {
    /**
     * Images that Binary Authorization exempts: registry/path/to/image, with * or ** only at its end, after the registry.
     * https://cloud.google.com/binary-authorization/docs/reference/rest/v1/Policy#AdmissionWhitelistPattern
     */
    exemptImages: /^[^*/\s]+\/[^*\s]*\*{0,2}$/,
    /** ID of a project, which may have a domain in front: https://cloud.google.com/resource-manager/docs/creating-managing-projects */
    project: /^([a-z][-a-z0-9.]*:)?[a-z][-a-z0-9]{4,28}[a-z0-9]$/,
    /** https://cloud.google.com/iam/docs/service-accounts-create */
    serviceAccount: letterFirst(NAME_LIMITS.serviceAccount.most, NAME_LIMITS.serviceAccount.least),
    /** https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters */
    cluster: letterFirst(NAME_LIMITS.cluster),
    /** https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters.nodePools */
    nodePool: letterFirst(NAME_LIMITS.nodePool),
    /** https://cloud.google.com/compute/docs/naming-resources */
    computeResource: letterFirst(63),
    /**
     * At most 63 characters between full stops, not an address, and neither "google" nor a misspelling of it.
     * https://cloud.google.com/storage/docs/buckets#naming
     */
    bucket: /^(?!goog|\d+\.\d+\.\d+\.\d+$)(?!.*(\.\.|g[o0]{2}g[l1]e|[^.]{64}))[a-z0-9][-_.a-z0-9]{1,220}[a-z0-9]$/,
    /** https://cloud.google.com/storage/docs/tags-and-labels#bucket-labels */
    labelValue: /^[-_a-z0-9]{1,63}$/,
    /** https://cloud.google.com/artifact-registry/docs/repositories/create-repos */
    repository: letterFirst(63),
    /** https://cloud.google.com/certificate-manager/docs/reference/certificate-manager/rest/v1/projects.locations.certificateMaps/create */
    certificate: letterFirst(NAME_LIMITS.certificateMapEntry),
    /** https://cloud.google.com/build/docs/api/reference/rest/v1/projects.locations.triggers */
    buildTrigger: /^[A-Za-z0-9]([-A-Za-z0-9]{0,62}[A-Za-z0-9])?$/,
} as const;

/** Forms of names that Kubernetes accepts. https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
export const KUBERNETES_NAMES = {
    /** Most kinds: an RFC 1123 subdomain. */
    subdomain: /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
    /** Names that become part of a host name or of pod names: an RFC 1123 label. */
    dnsLabel: /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
    /** Services: an RFC 1035 label, which begins with a letter. */
    service: letterFirst(NAME_LIMITS.dnsLabel),
    /** Ports of containers: https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.33/#containerport-v1-core */
    port: /^(?=.*[a-z])[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?$/,
    /**
     * Values of labels that are not empty, and their keys after the slash:
     * https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
     */
    label: /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/,
} as const;

/** Characters that Pulumi's gcp provider appends to a name that it generates: a hyphen and seven hexadecimal digits. */
export const GENERATED_SUFFIX = 8;
