import { expect } from "chai";
import { backendPolicySpec, gatewaySpec, healthCheckSpec, routeSpec } from "../../../k8s/network/gateway";

describe("gateway", () => {
    it("listens for HTTPS of one host on its own address", () => {
        expect(gatewaySpec("predict.example.com", "address")).to.deep.include({
            addresses: [{ type: "NamedAddress", value: "address" }],
            listeners: [
                {
                    name: "https",
                    protocol: "HTTPS",
                    port: 443,
                    hostname: "predict.example.com",
                    allowedRoutes: { namespaces: { from: "Same" } },
                },
            ],
        });
    });

    it("routes predictions, and neither metrics nor health", () => {
        expect(routeSpec("predict.example.com", ["/predict"], "digits", "digits").rules).to.deep.equal([
            { matches: [{ path: { type: "Exact", value: "/predict" } }], backendRefs: [{ name: "digits", port: 80 }] },
        ]);
    });

    it("routes a path, everything below one, and everything", () => {
        const [rule] = routeSpec("predict.example.com", ["/health", "/v1/*", "/*"], "vllm", "vllm").rules;
        expect(rule?.matches.map(({ path }) => path)).to.deep.equal([
            { type: "Exact", value: "/health" },
            { type: "PathPrefix", value: "/v1" },
            { type: "PathPrefix", value: "/" },
        ]);
    });

    it("checks the readiness of the pods", () => {
        expect(healthCheckSpec("digits", { port: 8000, path: "/ready", timeoutSeconds: 3 }).default).to.deep.equal({
            checkIntervalSec: 5,
            timeoutSec: 3,
            healthyThreshold: 1,
            unhealthyThreshold: 2,
            config: { type: "HTTP", httpHealthCheck: { port: 8000, requestPath: "/ready" } },
        });
    });

    it("has the service's drain as the timeout of a request, and of requests in flight to a removed pod", () => {
        expect(backendPolicySpec("digits", { drainSeconds: 300 })).to.deep.equal({
            default: { timeoutSec: 300, connectionDraining: { drainingTimeoutSec: 300 } },
            targetRef: { group: "", kind: "Service", name: "digits" },
        });
        expect(backendPolicySpec("digits", { drainSeconds: 0 }).default).to.deep.equal({
            timeoutSec: 1,
            connectionDraining: { drainingTimeoutSec: 0 },
        });
    });
});
