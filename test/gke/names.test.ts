import { expect } from "chai";
import { GOOGLE_NAMES } from "../../gke/names";

describe("names of buckets", () => {
    for (const name of ["abc", "my-project-data", "my_data.example.com", "a".repeat(63), `${"a".repeat(63)}.${"b".repeat(63)}`]) {
        it(`can be ${name.slice(0, 30)}`, () => {
            expect(name).to.match(GOOGLE_NAMES.bucket);
        });
    }

    for (const name of [
        "ab",
        "Data",
        "-data",
        "data.",
        "a".repeat(64),
        `data.${"a".repeat(64)}`,
        `${"a.".repeat(111)}b`,
        "a..b",
        "192.168.5.4",
        "goog-data",
        "my-google-data",
        "my-g00gle-data",
    ]) {
        it(`cannot be ${name.slice(0, 30)}`, () => {
            expect(name).not.to.match(GOOGLE_NAMES.bucket);
        });
    }
});
