import { NODE_CREDENTIAL_PROVIDER } from "../../identity/credentials";
import type { Taint } from "../gke/node-pool";

/** Settings for a node's containerd, network and kubelet. All paths are absolute and contain no spaces. */
export interface NodeSettings {
    readonly folder: string;
    readonly tools: string;
    readonly nodeIp: string;
    readonly podRange: readonly [string, string];
    readonly network: { readonly bridge: string; readonly subnet: string; readonly gateway: string };
    /** Unique on the machine; the network plugins store results under this name. */
    readonly networkName: string;
    readonly kubeletPort: number;
    readonly cgroupRoot: string;
    readonly caFile: string;
    readonly servingCertificate: string;
    readonly servingKey: string;
    readonly taints: readonly Taint[];
    readonly providerId: string;
    readonly clusterDns: string;
    readonly pauseImage: string;
    /** `overlayfs`, or `native` if the sandbox's disk is itself an overlay. */
    readonly snapshotter: "overlayfs" | "native";
}

/** Path of a node's containerd socket. */
export function containerdSocket(folder: string): string {
    return `${folder}/containerd.sock`;
}

/** Returns the containerd configuration. */
export function containerdConfig({ folder, tools, pauseImage, snapshotter }: NodeSettings): string {
    return `version = 3
root = "${folder}/containerd"
state = "${folder}/state"
# These plugins need systemd, block devices or folders of other programs.
disabled_plugins = ["io.containerd.nri.v1.nri", "io.containerd.internal.v1.opt", "io.containerd.internal.v1.tracing", "io.containerd.tracing.processor.v1.otlp", "io.containerd.snapshotter.v1.blockfile", "io.containerd.snapshotter.v1.erofs"]

[grpc]
address = "${containerdSocket(folder)}"

[plugins."io.containerd.cri.v1.images"]
snapshotter = "${snapshotter}"

[plugins."io.containerd.cri.v1.images".pinned_images]
sandbox = "${pauseImage}"

[plugins."io.containerd.cri.v1.runtime"]
# Lowering a score needs CAP_SYS_RESOURCE, which root does not have everywhere.
restrict_oom_score_adj = true
netns_mounts_under_state_dir = true

[plugins."io.containerd.cri.v1.runtime".cni]
bin_dirs = ["${tools}"]
conf_dir = "${folder}/cni"

[plugins."io.containerd.cri.v1.runtime".containerd]
default_runtime_name = "runc"

[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"

[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options]
BinaryName = "${tools}/runc"
Root = "${folder}/runc"
SystemdCgroup = false

# The default of \`ctr images import\` is overlayfs, whatever the kubelet's images use.
[[plugins."io.containerd.transfer.v1.local".unpack_config]]
platform = "linux"
snapshotter = "${snapshotter}"
`;
}

/** Returns the CNI configuration: pods are ports of the sandbox's bridge, with addresses from the node's range. */
export function cniConfig({ folder, network, networkName, podRange }: NodeSettings): object {
    return {
        cniVersion: "1.0.0",
        name: networkName,
        plugins: [
            {
                type: "bridge",
                bridge: network.bridge,
                ipam: {
                    type: "host-local",
                    dataDir: `${folder}/addresses`,
                    ranges: [[{ subnet: network.subnet, rangeStart: podRange[0], rangeEnd: podRange[1], gateway: network.gateway }]],
                    routes: [{ dst: "0.0.0.0/0" }],
                },
            },
        ],
    };
}

/**
 * Returns the configuration of the program that provides registry credentials to the kubelet at each pull.
 * https://kubernetes.io/docs/reference/config-api/kubelet-credentialprovider.v1/
 * @param registry host and port
 * @param tokenFile file with the access token of the node's service account
 */
export function credentialProviderConfig(registry: string, tokenFile: string): object {
    return {
        apiVersion: "kubelet.config.k8s.io/v1",
        kind: "CredentialProviderConfig",
        providers: [
            {
                name: NODE_CREDENTIAL_PROVIDER,
                apiVersion: "credentialprovider.kubelet.k8s.io/v1",
                matchImages: [registry],
                defaultCacheDuration: "0s",
                args: [registry, tokenFile],
            },
        ],
    };
}

/** Returns the kubelet configuration. https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/ */
export function kubeletConfig(node: NodeSettings): object {
    return {
        apiVersion: "kubelet.config.k8s.io/v1beta1",
        kind: "KubeletConfiguration",
        address: node.nodeIp,
        port: node.kubeletPort,
        healthzPort: 0,
        authentication: { anonymous: { enabled: false }, webhook: { enabled: false }, x509: { clientCAFile: node.caFile } },
        // Only clients with a certificate of this cluster can connect.
        authorization: { mode: "AlwaysAllow" },
        tlsCertFile: node.servingCertificate,
        tlsPrivateKeyFile: node.servingKey,
        containerRuntimeEndpoint: `unix://${containerdSocket(node.folder)}`,
        cgroupDriver: "cgroupfs",
        cgroupRoot: node.cgroupRoot,
        failCgroupV1: false,
        failSwapOn: false,
        enforceNodeAllocatable: [],
        oomScoreAdj: 0,
        makeIPTablesUtilChains: false,
        podLogsDir: `${node.folder}/pod-logs`,
        volumePluginDir: `${node.folder}/volume-plugins`,
        clusterDomain: "cluster.local",
        clusterDNS: [node.clusterDns],
        providerID: node.providerId,
        registerWithTaints: node.taints,
        serializeImagePulls: false,
        // The machine's disk may be fuller than a node's disk. That must neither trigger image garbage collection nor evict pods.
        imageGCHighThresholdPercent: 100,
        imageGCLowThresholdPercent: 99,
        evictionHard: { "memory.available": "100Mi", "nodefs.available": "1%", "imagefs.available": "1%", "nodefs.inodesFree": "1%" },
    };
}
