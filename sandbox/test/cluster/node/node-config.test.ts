import { expect } from "chai";
import { cniConfig, containerdConfig, credentialProviderConfig, kubeletConfig, type NodeSettings } from "../../../cluster/node/node-config";

const SETTINGS: NodeSettings = {
    folder: "/run/ml-platform/0a1b2c3d/nodes/0",
    tools: "/run/ml-platform/0a1b2c3d/bin",
    nodeIp: "10.70.0.2",
    podRange: ["10.70.1.2", "10.70.1.254"],
    network: { bridge: "ml-0a1b2c3d", subnet: "10.70.0.0/16", gateway: "10.70.0.1" },
    networkName: "ml-platform-0a1b2c3d",
    kubeletPort: 40250,
    cgroupRoot: "/ml-platform-0a1b2c3d/node-0",
    caFile: "/ca.crt",
    servingCertificate: "/node.crt",
    servingKey: "/node.key",
    taints: [{ key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" }],
    providerId: "gce://demo/us-central1-a/node",
    clusterDns: "10.70.128.10",
    pauseImage: "sandbox.invalid/pause:1",
    snapshotter: "overlayfs",
};

describe("configuration of a node", () => {
    it("keeps containerd in the node's folder, without what root may lack", () => {
        const config = containerdConfig(SETTINGS);
        for (const line of [
            'root = "/run/ml-platform/0a1b2c3d/nodes/0/containerd"',
            'state = "/run/ml-platform/0a1b2c3d/nodes/0/state"',
            'address = "/run/ml-platform/0a1b2c3d/nodes/0/containerd.sock"',
            'sandbox = "sandbox.invalid/pause:1"',
            "restrict_oom_score_adj = true",
            "netns_mounts_under_state_dir = true",
            "SystemdCgroup = false",
            'BinaryName = "/run/ml-platform/0a1b2c3d/bin/runc"',
        ]) {
            expect(config.split("\n")).to.include(line);
        }
    });

    it("names the same snapshotter for all images", () => {
        expect(containerdConfig({ ...SETTINGS, snapshotter: "native" }).match(/^snapshotter = .*$/gm)).to.deep.equal([
            'snapshotter = "native"',
            'snapshotter = "native"',
        ]);
    });

    it("keeps the longest socket path of containerd within 107 bytes", () => {
        const [, socket = ""] = /^address = "(.*)"$/m.exec(containerdConfig(SETTINGS)) ?? [];
        expect(`${socket}.ttrpc`.length).to.be.within(1, 107);
    });

    it("gives pods addresses of the node's range on the sandbox's bridge", () => {
        expect(cniConfig(SETTINGS)).to.deep.equal({
            cniVersion: "1.0.0",
            name: "ml-platform-0a1b2c3d",
            plugins: [
                {
                    type: "bridge",
                    bridge: "ml-0a1b2c3d",
                    ipam: {
                        type: "host-local",
                        dataDir: "/run/ml-platform/0a1b2c3d/nodes/0/addresses",
                        ranges: [[{ subnet: "10.70.0.0/16", rangeStart: "10.70.1.2", rangeEnd: "10.70.1.254", gateway: "10.70.0.1" }]],
                        routes: [{ dst: "0.0.0.0/0" }],
                    },
                },
            ],
        });
    });

    it("gives the kubelet credentials for the registry alone, asked for at each pull", () => {
        expect(credentialProviderConfig("127.0.0.1:5000", "/node/registry-token")).to.deep.equal({
            apiVersion: "kubelet.config.k8s.io/v1",
            kind: "CredentialProviderConfig",
            providers: [
                {
                    name: "auth-provider-gcp",
                    apiVersion: "credentialprovider.kubelet.k8s.io/v1",
                    matchImages: ["127.0.0.1:5000"],
                    defaultCacheDuration: "0s",
                    args: ["127.0.0.1:5000", "/node/registry-token"],
                },
            ],
        });
    });

    it("configures the kubelet for both versions of cgroups, for swap, for a full disk, and without anonymous access", () => {
        expect(kubeletConfig(SETTINGS)).to.deep.include({
            address: "10.70.0.2",
            port: 40250,
            cgroupRoot: "/ml-platform-0a1b2c3d/node-0",
            failCgroupV1: false,
            failSwapOn: false,
            enforceNodeAllocatable: [],
            imageGCHighThresholdPercent: 100,
            registerWithTaints: SETTINGS.taints,
            authentication: { anonymous: { enabled: false }, webhook: { enabled: false }, x509: { clientCAFile: "/ca.crt" } },
        });
    });
});
