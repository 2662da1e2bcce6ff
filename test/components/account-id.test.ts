import { expect } from "chai";
import { accountId } from "../../components/account-id";

describe("accountId", () => {
    it("keeps a name that fits", () => {
        expect(accountId("digits-dev")).to.equal("digits-dev");
    });

    it("makes a short name long enough", () => {
        expect(accountId("ml")).to.equal("ml-account");
    });

    it("cuts a long name, and tells two with the same beginning apart", () => {
        const ids = ["one", "two"].map((end) => accountId(`a-service-with-a-very-long-name-${end}`));
        expect(ids[0]).to.match(/^a-service-with-a-very-l-[0-9a-f]{6}$/);
        expect(ids[0]).to.have.length(30);
        expect(ids[0]).not.to.equal(ids[1]);
    });
});
