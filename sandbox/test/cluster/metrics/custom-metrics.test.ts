import { expect } from "chai";
import { CUSTOM_METRICS, customMetrics, gaugeIn, type Sources } from "../../../cluster/metrics/custom-metrics";

const RESOURCE = "/apis/autoscaling.gke.io/v1beta1/namespaces/inference/autoscalingmetrics/digits";
const PODS = "/api/v1/namespaces/inference/pods?labelSelector=app%3Ddigits";

const metric = {
    metadata: { name: "digits" },
    spec: {
        metrics: [
            {
                pod: {
                    containers: [
                        {
                            endpoint: { port: 8000, path: "/metrics" },
                            metrics: [{ gauge: { name: "requests-in-flight", prometheusMetricName: "in_flight" } }],
                        },
                    ],
                },
            },
        ],
    },
};

const pod = (name: string, change: object = {}) => ({
    metadata: { name, namespace: "inference" },
    spec: { nodeName: "real" },
    status: { phase: "Running", podIP: `10.0.0.${name}` },
    ...change,
});

function sources(pods: readonly object[], pages: Readonly<Record<string, string>>): Sources {
    const answers: Readonly<Record<string, unknown>> = { [RESOURCE]: metric, [PODS]: { items: pods } };
    return {
        api: {
            get: <T>(path: string) => Promise.resolve(answers[path] as T),
            find: <T>(path: string) => Promise.resolve(answers[path] as T | undefined),
        },
        isSimulated: (node) => node === "simulated",
        scrape: (address) => {
            const page = pages[address];
            return page === undefined ? Promise.reject(new Error("refused")) : Promise.resolve(page);
        },
    };
}

const request = (name: string) =>
    new URL(
        `https://localhost/apis/${CUSTOM_METRICS}/namespaces/inference/pods/%2A/${encodeURIComponent(name)}?labelSelector=app%3Ddigits`,
    );

describe("the custom metrics API", () => {
    it("gives the gauge of each pod that runs and answers", async () => {
        const pods = [
            pod("1"),
            pod("2"),
            pod("3"),
            pod("4", { status: { phase: "Pending" } }),
            pod("5", { spec: { nodeName: "simulated" } }),
        ];
        const pages = { "http://10.0.0.1:8000/metrics": "in_flight 3\n", "http://10.0.0.2:8000/metrics": "in_flight 0.5\n" };
        const { status, body } = await customMetrics(request("autoscaling.gke.io|digits|requests-in-flight"), sources(pods, pages));
        const items = (body as { items: { describedObject: { name: string }; value: string }[] }).items;
        expect(status).to.equal(200);
        expect(items.map(({ describedObject, value }) => [describedObject.name, value])).to.deep.equal([
            ["1", "3000m"],
            ["2", "500m"],
        ]);
    });

    it("serves only metrics that an AutoscalingMetric lists", async () => {
        for (const name of [
            "autoscaling.gke.io|digits|queue",
            "autoscaling.gke.io|other|requests-in-flight",
            "prometheus.googleapis.com|x|gauge",
        ]) {
            expect(await customMetrics(request(name), sources([], {}))).to.have.nested.property(
                "body.message",
                `metric ${name} in namespace inference not found`,
            );
        }
    });

    it("serves its version to discovery, and nothing else", async () => {
        const discovered = await customMetrics(new URL(`https://localhost/apis/${CUSTOM_METRICS}`), sources([], {}));
        expect(discovered.body).to.include({ kind: "APIResourceList", groupVersion: CUSTOM_METRICS });
        expect((await customMetrics(new URL("https://localhost/openapi/v2"), sources([], {}))).status).to.equal(404);
    });
});

const page = `# HELP inference_requests_in_flight Prediction requests being worked on.
# TYPE inference_requests_in_flight gauge
inference_requests_in_flight 3.0
inference_requests_in_flight_total 9
vllm:num_requests_waiting{model="a b"} 2.5e1 1700000000000
by_digit{digit="1"} 1.0
by_digit{digit="2"} 2.0
broken NaN
`;

describe("a gauge in Prometheus's text format", () => {
    it("is found by its full name, with or without labels and a timestamp", () => {
        expect(gaugeIn(page, "inference_requests_in_flight")).to.equal(3);
        expect(gaugeIn(page, "vllm:num_requests_waiting")).to.equal(25);
    });

    it("is undefined if it is missing, ambiguous or not a number", () => {
        expect(["inference_requests", "broken", "by_digit"].map((name) => gaugeIn(page, name))).to.deep.equal([
            undefined,
            undefined,
            undefined,
        ]);
    });
});
