import { expect } from "chai";
import { DIGITS, GOOD, requestOf } from "./digits";
import { shared } from "./hooks";
import { type RunningService, call, startService } from "./service";

/** Answers of the model itself, which the same version of ONNX Runtime computes outside of the service. */
const MODEL = `
import json, sys
import numpy as np, onnxruntime
session = onnxruntime.InferenceSession("/app/model/model.onnx", providers=["CPUExecutionProvider"])
print(json.dumps([[float(v) for v in session.run(None, {"pixels": np.array(image, dtype=np.float32).reshape(1, 64)})[0][0]] for image in json.loads(sys.argv[1])]))
`;

const MALFORMED: readonly (readonly [what: string, body: string | Buffer, status: number, reason: RegExp])[] = [
    ["an empty body", "", 400, /not JSON/],
    ["text that is not JSON", "not JSON", 400, /not JSON/],
    ["truncated JSON", GOOD.slice(0, -10), 400, /not JSON/],
    ["bytes that are not UTF-8", Buffer.from([0xff, 0xfe, 0x22]), 400, /not JSON/],
    ["NaN", '{"image": [NaN]}', 400, /NaN is not a number/],
    ["infinity", '{"image": [Infinity]}', 400, /Infinity is not a number/],
    ["deeply nested JSON", "[".repeat(50_000), 400, /nested too deeply/],
    ["a list", "[]", 422, /object with the one key/],
    ["another key", '{"picture": []}', 422, /object with the one key/],
    ["an additional key", `{"image": [], "more": 1}`, 422, /object with the one key/],
    ["an image of another type", '{"image": "seven"}', 422, /must be a list/],
    ["too few rows", '{"image": [[1, 2], [3]]}', 422, /image has 2 entries/],
    ["a short row", JSON.stringify({ image: [...Array<number[]>(7).fill(Array<number>(8).fill(0)), [1]] }), 422, /row 7/],
    ["strings as pixels", JSON.stringify({ image: Array<string>(64).fill("1") }), 422, /pixel 0 is not a number/],
    ["true as a pixel", JSON.stringify({ image: [...Array<number>(63).fill(0), true] }), 422, /pixel 63 is not a number/],
    ["null as a pixel", JSON.stringify({ image: [null, ...Array<number>(63).fill(0)] }), 422, /pixel 0 is not a number/],
    ["a negative pixel", JSON.stringify({ image: [-1, ...Array<number>(63).fill(0)] }), 422, /pixel 0 is not from 0 to 16/],
    ["a pixel above the range", JSON.stringify({ image: [...Array<number>(63).fill(0), 17] }), 422, /pixel 63 is not from 0 to 16/],
    ["a number above the range of floats", `{"image": [1e999]}`, 422, /image has 1 entries/],
    ["10 MB", Buffer.alloc(10_000_000, "0"), 413, /larger than 1048576 bytes/],
];

describe("the inference image", () => {
    let service: RunningService;

    before(async () => {
        service = await startService("inference", (await shared().images.get("inference")).ref, ["--cpus", "1"]);
    });

    after(() => service.container.remove());

    it("gives the same answers as the model for real digits", async () => {
        const expected = JSON.parse(
            await service.container.exec("python3", "-c", MODEL, JSON.stringify(DIGITS.map(({ image }) => image))),
        ) as number[][];
        let right = 0;
        for (const [number, digit] of DIGITS.entries()) {
            const { status, body } = await call(service.port, "POST", "/predict", requestOf(digit));
            expect(status, body).to.equal(200);
            const answer = JSON.parse(body) as { digit: number; probabilities: number[]; model: string };
            expect(answer.probabilities).to.deep.equal(expected[number]);
            expect(answer.digit).to.equal(answer.probabilities.indexOf(Math.max(...answer.probabilities)));
            expect(answer.model).to.match(/^[0-9a-f]{64}$/);
            if (answer.digit === digit.digit) {
                right++;
            }
        }
        expect(DIGITS.length).to.equal(20);
        expect(right).to.be.at.least(19);
    });

    for (const [what, body, status, reason] of MALFORMED) {
        it(`refuses ${what} with ${status} and a reason, and answers the next request`, async () => {
            const refused = await call(service.port, "POST", "/predict", body);
            expect(refused.status, refused.body).to.equal(status);
            expect((JSON.parse(refused.body) as { error: string }).error).to.match(reason);
            expect((await call(service.port, "POST", "/predict", GOOD)).status).to.equal(200);
        });
    }

    it("counts every request by its status", async () => {
        const { body } = await call(service.port, "GET", "/metrics");
        const count = (status: number): number =>
            Number(new RegExp(`^inference_requests_total\\{status="${status}"\\} (\\S+)$`, "m").exec(body)?.[1]);
        for (const status of [400, 413, 422]) {
            expect(count(status)).to.equal(MALFORMED.filter(([, , expected]) => expected === status).length);
        }
        expect(count(200)).to.equal(DIGITS.length + MALFORMED.length);
    });

    it("runs one process with at most 150 MB of memory", async () => {
        const pids = (await shared().engine.docker("top", service.container.id, "-o", "pid,rss")).trim().split("\n").slice(1);
        expect(pids).to.have.lengthOf(1);
        expect(Number(pids[0]?.trim().split(/\s+/)[1]) * 1024).to.be.below(150e6);
    });
});
