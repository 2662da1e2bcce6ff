import { expect } from "chai";
import { gatewaySpec, healthCheckSpec, routeSpec } from "../../k8s/gateway";

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
        expect(routeSpec("predict.example.com", "digits", "digits").rules).to.deep.equal([
            { matches: [{ path: { type: "Exact", value: "/predict" } }], backendRefs: [{ name: "digits", port: 80 }] },
        ]);
    });

    it("asks the pods whether they are ready", () => {
        expect(healthCheckSpec("digits"))
            .to.have.nested.property("default.config.httpHealthCheck")
            .that.deep.equals({ port: 8000, requestPath: "/ready" });
    });
});
