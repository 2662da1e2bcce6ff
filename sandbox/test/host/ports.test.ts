import { expect } from "chai";
import * as fs from "node:fs";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { portRangeOf, Ports } from "../../host/ports";

describe("Ports", () => {
    let folder: string;
    let file: string;

    beforeEach(() => {
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "ports-"));
        file = path.join(folder, "ports.json");
    });

    afterEach(() => {
        fs.rmSync(folder, { recursive: true });
    });

    it("keeps the port of a name between starts", async () => {
        const first = await new Ports(file).take("registry");
        expect(await new Ports(file).take("registry")).to.equal(first);
    });

    it("assigns different ports to different names, even concurrently", async () => {
        const ports = new Ports(file);
        const taken = await Promise.all(["a", "b", "c", "d"].map((name) => ports.take(name)));
        expect(new Set(taken).size).to.equal(4);
    });

    it("assigns another port if the previous one is in use", async () => {
        const first = await new Ports(file).take("registry");
        const occupant = net.createServer();
        await new Promise<void>((resolve) => occupant.listen(first, "127.0.0.1", resolve));
        try {
            const second = await new Ports(file).take("registry");
            expect(second).to.not.equal(first);
            expect(JSON.parse(fs.readFileSync(file, "utf8"))).to.deep.equal({ registry: second });
        } finally {
            await new Promise((resolve) => occupant.close(resolve));
        }
    });

    it("assigns ports of a range in order, and other ports when the range is exhausted", async () => {
        const first = await new Ports(path.join(folder, "free.json")).take("free");
        const ports = new Ports(file, { first, last: first });
        expect(await ports.take("a")).to.equal(first);
        expect(await ports.take("b")).not.to.equal(first);
        expect(await new Ports(file, { first, last: first }).take("a")).to.equal(first);
    });

    it("assigns another port if the previous one is outside the range", async () => {
        const kept = await new Ports(file).take("a");
        const range = { first: kept + 1, last: kept + 50 };
        expect(await new Ports(file, range).take("a")).to.be.within(range.first, range.last);
    });

    it("parses a range, and rejects anything else", () => {
        expect(portRangeOf("20000-20099")).to.deep.equal({ first: 20_000, last: 20_099 });
        for (const text of ["", "20000", "20099-20000", "0-1", "1-70000", "a-b"]) {
            expect(() => portRangeOf(text), text).to.throw("SANDBOX_PORTS must be a range");
        }
    });
});
