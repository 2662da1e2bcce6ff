import type { Toolset } from "./toolsets";

/** A Helm chart that the sandbox builds together with its image, because the registry of both may not be reachable. */
export interface LocalChart {
    /** Chart name in Helm releases. */
    readonly chart: string;
    readonly version: string;
    /** Helm and the program of the image. Compiled when a stack first uses the chart. */
    readonly toolset: Toolset;
    /** Go module that contains the chart, and the chart's folder in it. */
    readonly source: { readonly module: string; readonly folder: string };
    readonly image: {
        /** Image reference in the chart's pods. */
        readonly reference: string;
        readonly program: string;
        /** Path of the program in the image. */
        readonly path: string;
        /** User and group of the process. */
        readonly user: string;
    };
}

const KUEUE = "0.17.0";
const HELM = "v3.20.0";

export const LOCAL_CHARTS: readonly LocalChart[] = [
    {
        chart: "oci://registry.k8s.io/kueue/charts/kueue",
        version: KUEUE,
        toolset: {
            name: "kueue",
            title: `Kueue v${KUEUE} and Helm ${HELM}`,
            builds: [
                {
                    module: "kueue",
                    packages: ["sigs.k8s.io/kueue/cmd/kueue", "helm.sh/helm/v3/cmd/helm"],
                    ldflags: `-s -w -X sigs.k8s.io/kueue/pkg/version.GitVersion=v${KUEUE}`,
                },
            ],
            programs: { kueue: "kueue", helm: "helm" },
            downloads: [],
        },
        source: { module: "sigs.k8s.io/kueue", folder: "charts/kueue" },
        image: { reference: `registry.k8s.io/kueue/kueue:v${KUEUE}`, program: "kueue", path: "/manager", user: "65532:65532" },
    },
];

/** Returns the chart with this name and version; undefined if the sandbox does not build it. */
export const localChart = (chart: unknown, version: unknown): LocalChart | undefined =>
    LOCAL_CHARTS.find((local) => local.chart === chart && local.version === version);
