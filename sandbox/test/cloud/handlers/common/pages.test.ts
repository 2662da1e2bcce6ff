import { expect } from "chai";
import { pageOf } from "../../../../cloud/handlers/common/pages";

const items = ["a", "b", "c"].map((name) => ({ name }));

describe("pageOf", () => {
    it("returns one page after another, and no token with the last", () => {
        const first = pageOf("things", items, { pageSize: 2 }, 100);
        expect(first.things).to.deep.equal(items.slice(0, 2));
        const second = pageOf("things", items, { pageSize: 2, pageToken: first.nextPageToken ?? null }, 100);
        expect(second).to.deep.equal({ things: [{ name: "c" }] });
    });

    it("limits pages to the maximum of the API", () => {
        expect(pageOf("things", items, {}, 1).things).to.have.length(1);
        expect(pageOf("things", items, { pageSize: 500 }, 2).things).to.have.length(2);
        expect(pageOf("things", items, { pageSize: 0 }, 100).nextPageToken).to.equal(undefined);
    });

    it("omits an empty list", () => {
        expect(pageOf("things", [], {}, 100)).to.deep.equal({});
    });

    it("refuses a negative size and an invalid token", () => {
        expect(() => pageOf("things", items, { pageSize: -1 }, 100)).to.throw("page_size must not be negative");
        expect(() => pageOf("things", items, { pageToken: "Mg" }, 100)).to.throw("The page token is invalid.");
    });
});
