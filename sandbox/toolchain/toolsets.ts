/** Programs that belong together: had together, kept together. */
export interface Toolset {
    /** Name of the cache entry. */
    readonly name: string;
    readonly title: string;
    /** Where the official release cannot be downloaded. */
    readonly builds: readonly Build[];
    /** Name of each program → the file that it is (one compiled file may be several programs, told apart by name). */
    readonly programs: Readonly<Record<string, string>>;
    /** The official archives or files that hold the same programs at the same versions. */
    readonly downloads: readonly Download[];
    /** A command whose presence on PATH, at this version or a later one of the same major, makes the toolset needless. */
    readonly unless?: { readonly command: string; readonly least: string };
}

/** What is compiled from one Go module of this folder. */
export interface Build {
    /** Name of the module's folder. */
    readonly module: string;
    /** Go packages, each with a `main`. */
    readonly packages: readonly string[];
    /** Whether it links C, which only runc does. */
    readonly cgo?: true;
    readonly tags?: readonly string[];
    readonly ldflags: string;
}

/** An official release file. */
export interface Download {
    readonly url: string;
    /** Path inside the archive → program name; absent for a file that is the program itself. */
    readonly members?: Readonly<Record<string, string>>;
    /** Program name of a file that is no archive. */
    readonly program?: string;
}

const ARCH = process.arch === "arm64" ? "arm64" : "amd64";
const KUBERNETES = "v1.36.3";
const ETCD = "v3.6.8";
const CONTAINERD = "2.4.2";
const RUNC = "v1.5.2";
const CNI = "v1.9.1";
/** Version of BuildKit, the program and the image. */
export const BUILDKIT = "v0.31.1";
const REGISTRY = "3.1.2";
const KWOK = "v0.8.0";
const PULUMI = "v3.259.0";
const DOCKER_BUILD = "v0.0.22";

const STRIP = "-s -w";
const KUBERNETES_COMMANDS = ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet", "kubectl"];

/** All that the sandbox runs, in the order in which it is needed. */
export const TOOLSETS: readonly Toolset[] = [
    {
        name: "containers",
        title: "BuildKit, registry, containerd, runc, CNI",
        builds: [
            {
                module: "containers",
                packages: [
                    "github.com/moby/buildkit/cmd/buildkitd",
                    "github.com/moby/buildkit/cmd/buildctl",
                    "./registry",
                    "github.com/containerd/containerd/v2/cmd/containerd",
                    "github.com/containerd/containerd/v2/cmd/containerd-shim-runc-v2",
                    "github.com/containerd/containerd/v2/cmd/ctr",
                    "github.com/containernetworking/plugins/plugins/main/bridge",
                    "github.com/containernetworking/plugins/plugins/main/loopback",
                    "github.com/containernetworking/plugins/plugins/ipam/host-local",
                ],
                tags: ["no_btrfs", "no_devmapper", "no_zfs", "osusergo", "netgo"],
                ldflags: STRIP,
            },
            {
                module: "runc",
                packages: ["github.com/opencontainers/runc"],
                cgo: true,
                tags: ["seccomp", "osusergo", "netgo"],
                ldflags: `${STRIP} -extldflags -static -X main.version=${RUNC.slice(1)}`,
            },
        ],
        programs: same(
            ...[
                "buildkitd",
                "buildctl",
                "registry",
                "containerd",
                "containerd-shim-runc-v2",
                "ctr",
                "runc",
                "bridge",
                "loopback",
                "host-local",
            ],
        ),
        downloads: [
            {
                url: `https://github.com/moby/buildkit/releases/download/${BUILDKIT}/buildkit-${BUILDKIT}.linux-${ARCH}.tar.gz`,
                members: { "bin/buildkitd": "buildkitd", "bin/buildctl": "buildctl" },
            },
            {
                url: `https://github.com/distribution/distribution/releases/download/v${REGISTRY}/registry_${REGISTRY}_linux_${ARCH}.tar.gz`,
                members: { registry: "registry" },
            },
            {
                url: `https://github.com/containerd/containerd/releases/download/v${CONTAINERD}/containerd-${CONTAINERD}-linux-${ARCH}.tar.gz`,
                members: { "bin/containerd": "containerd", "bin/containerd-shim-runc-v2": "containerd-shim-runc-v2", "bin/ctr": "ctr" },
            },
            { url: `https://github.com/opencontainers/runc/releases/download/${RUNC}/runc.${ARCH}`, program: "runc" },
            {
                url: `https://github.com/containernetworking/plugins/releases/download/${CNI}/cni-plugins-linux-${ARCH}-${CNI}.tgz`,
                members: { "./bridge": "bridge", "./loopback": "loopback", "./host-local": "host-local" },
            },
        ],
    },
    {
        name: "pause",
        title: "The process that holds a pod's namespaces",
        builds: [{ module: "pause", packages: ["."], ldflags: STRIP }],
        programs: same("pause"),
        downloads: [],
    },
    {
        name: "kubernetes",
        title: `Kubernetes ${KUBERNETES} and etcd ${ETCD}`,
        builds: [{ module: "kubernetes", packages: ["."], ldflags: `${STRIP} ${versionFlags()}` }],
        programs: Object.fromEntries(["etcd", ...KUBERNETES_COMMANDS].map((program) => [program, "kubernetes"])),
        downloads: [
            ...KUBERNETES_COMMANDS.map((program) => ({ url: `https://dl.k8s.io/${KUBERNETES}/bin/linux/${ARCH}/${program}`, program })),
            {
                url: `https://github.com/etcd-io/etcd/releases/download/${ETCD}/etcd-${ETCD}-linux-${ARCH}.tar.gz`,
                members: { [`etcd-${ETCD}-linux-${ARCH}/etcd`]: "etcd" },
            },
        ],
    },
    {
        name: "kwok",
        title: `Simulated nodes: kwok ${KWOK}`,
        builds: [{ module: "kwok", packages: ["sigs.k8s.io/kwok/cmd/kwok"], ldflags: STRIP }],
        programs: same("kwok"),
        downloads: [{ url: `https://github.com/kubernetes-sigs/kwok/releases/download/${KWOK}/kwok-linux-${ARCH}`, program: "kwok" }],
    },
    {
        name: "pulumi",
        title: `Pulumi ${PULUMI}`,
        builds: [
            {
                module: "pulumi",
                packages: ["github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"],
                ldflags: `${STRIP} -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${PULUMI}`,
            },
            { module: "nodejs", packages: ["github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs"], ldflags: STRIP },
        ],
        programs: same("pulumi", "pulumi-language-nodejs"),
        downloads: [
            {
                url: `https://get.pulumi.com/releases/sdk/pulumi-${PULUMI}-linux-${ARCH === "amd64" ? "x64" : ARCH}.tar.gz`,
                members: { "pulumi/pulumi": "pulumi", "pulumi/pulumi-language-nodejs": "pulumi-language-nodejs" },
            },
        ],
        unless: { command: "pulumi", least: PULUMI },
    },
    {
        name: "docker-build",
        title: `Pulumi's docker-build provider ${DOCKER_BUILD}`,
        builds: [
            {
                module: "pulumi",
                packages: ["github.com/pulumi/pulumi-docker-build/provider/cmd/pulumi-resource-docker-build"],
                ldflags: `${STRIP} -X github.com/pulumi/pulumi-docker-build/provider.Version=${DOCKER_BUILD.slice(1)}`,
            },
        ],
        programs: same("pulumi-resource-docker-build"),
        downloads: [
            {
                url: `https://get.pulumi.com/releases/plugins/pulumi-resource-docker-build-${DOCKER_BUILD}-linux-${ARCH}.tar.gz`,
                members: { "pulumi-resource-docker-build": "pulumi-resource-docker-build" },
            },
        ],
    },
];

function same(...names: readonly string[]): Readonly<Record<string, string>> {
    return Object.fromEntries(names.map((name) => [name, name]));
}

/** Without these, nodes and servers report v0.0.0-master. */
function versionFlags(): string {
    const [major = "", minor = ""] = KUBERNETES.slice(1).split(".");
    return ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"]
        .flatMap((at) => [
            `-X ${at}.gitVersion=${KUBERNETES}`,
            `-X ${at}.gitMajor=${major}`,
            `-X ${at}.gitMinor=${minor}`,
            `-X ${at}.gitTreeState=clean`,
        ])
        .join(" ");
}
