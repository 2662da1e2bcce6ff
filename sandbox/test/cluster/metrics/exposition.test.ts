import { expect } from "chai";
import { gaugeIn } from "../../../cluster/metrics/exposition";

const page = `# HELP inference_requests_in_flight Prediction requests being worked on.
# TYPE inference_requests_in_flight gauge
inference_requests_in_flight 3.0
inference_requests_in_flight_total 9
vllm:num_requests_waiting{model="a b"} 2.5e1 1700000000000
by_digit{digit="1"} 1.0
by_digit{digit="2"} 2.0
broken NaN
`;

describe("a gauge in Prometheus's text format", () => {
    it("is found by its whole name, with labels and a time or without", () => {
        expect(gaugeIn(page, "inference_requests_in_flight")).to.equal(3);
        expect(gaugeIn(page, "vllm:num_requests_waiting")).to.equal(25);
    });

    it("is none where it is missing, no number, or several", () => {
        expect(["inference_requests", "broken", "by_digit"].map((name) => gaugeIn(page, name))).to.deep.equal([
            undefined,
            undefined,
            undefined,
        ]);
    });
});
