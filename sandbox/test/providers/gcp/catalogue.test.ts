import { expect } from "chai";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { findResourceType, type PropertyType } from "../../../providers/gcp/catalogue";
import computeTypes from "../../../providers/gcp/mapped/services/compute.json";
import otherTypes from "../../../providers/gcp/resource-types.json";
import { findMappedType } from "../../../providers/gcp/mapped/all";

/** Inputs of a type in the installed `@pulumi/gcp`, and whether each is required. */
function sdkInputs(token: string): Record<string, boolean> {
    const [, module = "", name = ""] = /^gcp:(.*):(.*)$/.exec(token) ?? [];
    const sdk = path.dirname(require.resolve("@pulumi/gcp/package.json"));
    // The SDK's file names write a leading IAM differently: projects/iammember.d.ts for projects/iAMMember.
    const stem = module.replace(/\/iAM(.)/, (_, next: string) => `/iam${next.toLowerCase()}`);
    const declaration = readFileSync(path.join(sdk, `${stem}.d.ts`), "utf8");
    const [, body = ""] = new RegExp(`export interface ${name}Args \\{([\\s\\S]*?)\\n\\}`).exec(declaration) ?? [];
    return Object.fromEntries(
        Array.from(body.matchAll(/^ {4}(\w+)(\??):/gm), ([, property = "", optional]) => [property, optional === ""]),
    );
}

function inputs(token: string): Readonly<Record<string, PropertyType>> {
    return findResourceType(token)?.inputs ?? {};
}

describe("catalogue", () => {
    it("returns nothing for an unknown type", () => {
        expect([findResourceType("gcp:container/clusters:Clusters"), findMappedType("gcp:container/clusters:Clusters")]).to.deep.equal([
            undefined,
            undefined,
        ]);
    });

    for (const token of Object.keys({ ...computeTypes, ...otherTypes })) {
        it(`has the inputs of ${token} in the installed SDK, and their behavior`, () => {
            const required = Object.fromEntries(Object.entries(inputs(token)).map(([name, type]) => [name, type.required === true]));
            expect(required).to.deep.equal(sdkInputs(token));
            expect(findMappedType(token)).to.be.an("object");
        });
    }

    it("has the facts about a node pool that the simulation depends on", () => {
        const pool = inputs("gcp:container/nodePool:NodePool");
        expect(pool.nodeConfig?.fields?.spot).to.deep.equal({ type: "boolean", replaces: true });
        expect(pool.nodeConfig?.fields?.labels).to.deep.equal({ type: ["map", "string"] });
        expect(pool.initialNodeCount).to.deep.equal({ type: "integer", replaces: true });
        expect(pool.cluster).to.deep.equal({ type: "string", required: true, replaces: true });
    });

    it("marks the secrets that programs can receive", () => {
        expect(inputs("gcp:secretmanager/secretVersion:SecretVersion").secretData?.secret).to.equal(true);
        expect(inputs("gcp:container/cluster:Cluster").masterAuth?.fields?.clientKey?.secret).to.equal(true);
        expect(inputs("gcp:container/cluster:Cluster").masterAuth?.fields?.clusterCaCertificate?.secret).to.equal(undefined);
    });
});
