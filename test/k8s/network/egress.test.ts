import { expect } from "chai";
import { canonical, contains, egressRules, hostPolicySpec } from "../../../k8s/network/egress";

describe("egress", () => {
    it("excludes the metadata server from ranges that contain it, and only from those", () => {
        const blocks = ["0.0.0.0/0", "169.0.0.0/8", "169.254.0.0/16", "169.252.0.0/14", "10.0.0.0/8", "169.255.0.0/16"].map(
            (cidr) => egressRules([{ cidr, ports: [80] }]).at(0)?.to,
        );
        const except = ["169.254.0.0/16"];
        expect(blocks).to.deep.equal([
            [{ ipBlock: { cidr: "0.0.0.0/0", except } }],
            [{ ipBlock: { cidr: "169.0.0.0/8", except } }],
            [{ ipBlock: { cidr: "169.254.0.0/16", except } }],
            [{ ipBlock: { cidr: "169.252.0.0/14", except } }],
            [{ ipBlock: { cidr: "10.0.0.0/8", except: undefined } }],
            [{ ipBlock: { cidr: "169.255.0.0/16", except: undefined } }],
        ]);
    });

    it("selects the pods of a namespace by their labels", () => {
        expect(egressRules([{ namespace: "cache", labels: { app: "redis" }, ports: [6379, 6380] }])).to.deep.equal([
            {
                to: [
                    {
                        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "cache" } },
                        podSelector: { matchLabels: { app: "redis" } },
                    },
                ],
                ports: [
                    { protocol: "TCP", port: 6379 },
                    { protocol: "TCP", port: 6380 },
                ],
            },
        ]);
    });

    it("puts hosts into GKE's own policy, by name or by pattern", () => {
        const hosts = [
            { host: "db.example.com", ports: [5432] },
            { host: "*.example.org", ports: [443, 8443] },
        ];
        expect(egressRules(hosts)).to.deep.equal([]);
        expect(hostPolicySpec({ app: "digits" }, hosts)).to.deep.equal({
            podSelector: { matchLabels: { app: "digits" } },
            egress: [
                { matches: [{ name: "db.example.com" }], ports: [{ protocol: "TCP", port: 5432 }] },
                {
                    matches: [{ pattern: "*.example.org" }],
                    ports: [
                        { protocol: "TCP", port: 443 },
                        { protocol: "TCP", port: 8443 },
                    ],
                },
            ],
        });
    });

    it("is not needed without hosts", () => {
        expect(hostPolicySpec({ app: "digits" }, [{ cidr: "10.0.0.0/8", ports: [443] }])).to.equal(undefined);
    });
});

describe("IPv4 ranges", () => {
    it("contain ranges inside them", () => {
        expect(contains("10.0.0.0/8", "10.255.0.0/16")).to.equal(true);
        expect(contains("10.0.0.0/8", "11.0.0.0/16")).to.equal(false);
        expect(contains("10.0.0.0/16", "10.0.0.0/8")).to.equal(false);
        expect(contains("0.0.0.0/0", "255.255.255.255/32")).to.equal(true);
        expect(contains("192.168.1.1/32", "192.168.1.1/32")).to.equal(true);
    });

    it("are named by their first address", () => {
        expect(["10.1.2.3/8", "255.255.255.255/1", "10.1.2.3/32", "1.2.3.4/0"].map(canonical)).to.deep.equal([
            "10.0.0.0/8",
            "128.0.0.0/1",
            "10.1.2.3/32",
            "0.0.0.0/0",
        ]);
    });
});
