import { expect } from "chai";
import { Identities } from "../../../cloud/access/identities";
import { projectNumber } from "../../../cloud/generated";
import { nodeTokens } from "../../../cluster/node/node-token";

describe("the access token of a node", () => {
    const identities = new Identities(() => "");
    const callerOf = (account: string) => identities.find(nodeTokens(identities)(account, "prod"))?.member;

    it("is the one of the pool's service account", () => {
        expect(callerOf("nodes@prod.iam.gserviceaccount.com")).to.equal("serviceAccount:nodes@prod.iam.gserviceaccount.com");
    });

    it("is the one of Compute Engine's account in a pool without an account", () => {
        expect(callerOf("default")).to.equal(`serviceAccount:${projectNumber("prod")}-compute@developer.gserviceaccount.com`);
    });
});
