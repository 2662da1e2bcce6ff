import { expect } from "chai";
import { leastHours, parseRecurrence } from "../../../components/cluster/recurrence";

/** A Saturday. */
const START = "2026-01-03T02:00:00Z";
const least = (rule: string, hours = 1): number | undefined => {
    const parsed = parseRecurrence(rule);
    return parsed && leastHours(START, hours, parsed);
};

describe("a recurrence", () => {
    it("has the minimum of hours in 32 days that RFC 5545 defines", () => {
        expect(least("FREQ=DAILY")).to.equal(32);
        expect(least("FREQ=DAILY;INTERVAL=3")).to.equal(10);
        expect(least("FREQ=DAILY;BYDAY=MO,TU")).to.equal(8);
        expect(least("FREQ=WEEKLY")).to.equal(4);
        expect(least("FREQ=WEEKLY;BYDAY=SA,SU", 8)).to.equal(64);
        expect(least("FREQ=WEEKLY;INTERVAL=2;BYDAY=SA,SU")).to.equal(4);
        expect(least("FREQ=MONTHLY")).to.equal(1);
        expect(least("FREQ=MONTHLY;BYMONTHDAY=1,15,-1")).to.equal(3);
        expect(least("FREQ=MONTHLY;BYDAY=1SA,-1SU")).to.equal(1);
        expect(least("FREQ=MONTHLY;BYDAY=SA,SU")).to.equal(8);
        expect(least("FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=3")).to.equal(0);
    });

    for (const rule of [
        ...["", "every saturday", "FREQ=YEARLY", "FREQ=WEEKLY;BYDAY=SAT", "FREQ=WEEKLY;INTERVAL=0", "freq=weekly"],
        ...["FREQ=WEEKLY;COUNT=3", "FREQ=WEEKLY;FREQ=DAILY", "BYDAY=SA", "FREQ=MONTHLY;BYMONTHDAY=32", "RRULE:FREQ=WEEKLY"],
    ]) {
        it(`is not "${rule}"`, () => {
            expect(parseRecurrence(rule)).to.equal(undefined);
        });
    }
});
