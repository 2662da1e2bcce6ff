import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { offers } from "../../../components/plugin/offers/all";
import { packageSchema, type PackageSpec } from "../../../components/plugin/package-schema";
import { componentProvider } from "../../../components/plugin/provider";
import { description, version } from "../../../package.json";
import { record, valueOf } from "../recorded";
import { given } from "./given";

const provider = componentProvider(offers);

describe("the component provider", () => {
    it("has the schema of the components, with the version of this project", async () => {
        const schema = JSON.parse((await provider.getSchema?.()) ?? "") as PackageSpec;
        expect(schema).to.deep.equal(JSON.parse(JSON.stringify(packageSchema({ name: "ml-platform", version, description }, offers))));
        expect(provider.version).to.equal(version);
    });

    it("creates a component by its type", async () => {
        await record(() => undefined); // sets the mocks, which stay
        const result = await provider.construct?.("net", "ml-platform:index:Network", given.Network, {});
        expect(await valueOf(result?.urn ?? "")).to.match(/::ml-platform:index:Network::net$/);
        expect(await valueOf(pulumi.output(result?.state))).to.deep.equal({ network: "links/net", subnetwork: "links/net-subnet" });
    });

    it("refuses a type that is not offered", async () => {
        const refused = await provider.construct?.("image", "ml-platform:index:ContainerImage", {}, {}).catch((error: unknown) => error);
        expect(refused).to.have.property(
            "message",
            `ml-platform:index:ContainerImage is not a component of this package, which has ${Object.keys(given)
                .map((name) => `ml-platform:index:${name}`)
                .join(", ")}`,
        );
    });
});
