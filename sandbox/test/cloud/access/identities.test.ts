import { expect } from "chai";
import { Identities } from "../../../cloud/access/identities";

describe("Identities", () => {
    it("finds the owner by its token", () => {
        expect(new Identities(() => "owner").find("owner")).to.deep.equal({});
    });

    it("finds no caller while the owner's token is empty, before the first start", () => {
        expect(new Identities(() => "").find("")).to.equal(undefined);
    });

    it("finds a service account by its access token until the token expires", () => {
        const identities = new Identities(() => "owner");
        const { accessToken, expireTime } = identities.issue({ member: "serviceAccount:ci@p.iam.gserviceaccount.com" }, 60);
        expect(identities.find(accessToken)).to.deep.equal({ member: "serviceAccount:ci@p.iam.gserviceaccount.com" });
        expect(expireTime).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
        expect(Date.parse(expireTime)).to.be.above(Date.now());
        const { accessToken: expired } = identities.issue({ member: "serviceAccount:ci@p.iam.gserviceaccount.com" }, 0);
        expect(identities.find(expired)).to.equal(undefined);
        expect(identities.find("unknown")).to.equal(undefined);
    });
});
