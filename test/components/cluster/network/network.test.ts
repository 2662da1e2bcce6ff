import { expect } from "chai";
import { Network } from "../../../../components/cluster/network/network";
import { record } from "../../recorded";

const args = { region: "europe-west4", nodes: "10.0.0.0/20", pods: "10.4.0.0/14", services: "10.8.0.0/20" };

describe("Network", () => {
    it("creates a network, a subnet, a router and a NAT as children", async () => {
        const made = await record((options) => new Network("net", args, options));
        expect(made.resources.map(({ name, options }) => [name, options.parent === made.resources[0]?.resource])).to.have.deep.members([
            ["net", false],
            ["net", true],
            ["net-subnet", true],
            ["net-router", true],
            ["net-nat", true],
        ]);
    });

    it("gives pods and Services separate ranges, and nodes Private Google Access", async () => {
        const subnet = (await record((options) => new Network("net", args, options))).one(
            "gcp:compute/subnetwork:Subnetwork",
            "net-subnet",
        );
        expect(subnet.inputs).to.deep.include({
            ipCidrRange: "10.0.0.0/20",
            region: "europe-west4",
            network: "links/net",
            privateIpGoogleAccess: true,
            secondaryIpRanges: [
                { rangeName: "pods", ipCidrRange: "10.4.0.0/14" },
                { rangeName: "services", ipCidrRange: "10.8.0.0/20" },
            ],
        });
    });
});
