import { expect } from "chai";
import { refreshedInputs } from "../../../../providers/kubernetes/diff/refreshed-inputs";

describe("refreshedInputs", () => {
    it("keeps what the server only wrote in its own way", () => {
        const inputs = { spec: { cpu: "1000m", empty: {} } };
        const live = { spec: { cpu: "1", defaulted: true } };
        expect(refreshedInputs(inputs, live, live)).to.deep.equal(inputs);
    });

    it("carries hand-made changes of the program's fields, and of no others", () => {
        const inputs = { spec: { replicas: 1, ports: [{ port: 80 }] } };
        const before = { spec: { replicas: 1, ports: [{ port: 80, protocol: "TCP" }], paused: false } };
        const live = { spec: { replicas: 3, ports: [{ port: 81, protocol: "TCP" }], paused: true } };
        expect(refreshedInputs(inputs, before, live)).to.deep.equal({ spec: { replicas: 3, ports: [{ port: 81 }] } });
    });

    it("leaves scaled replicas out where the program left them out", () => {
        expect(refreshedInputs({ spec: { x: 1 } }, { spec: { x: 1, replicas: 1 } }, { spec: { x: 1, replicas: 5 } })).to.deep.equal({
            spec: { x: 1 },
        });
    });

    it("takes a list whole when its length changed, and notices what was removed", () => {
        const inputs = { spec: { args: ["a"], gone: "x" } };
        const live = { spec: { args: ["a", "b"] } };
        expect(refreshedInputs(inputs, inputs, live)).to.deep.equal({ spec: { args: ["a", "b"], gone: undefined } });
    });

    it("reads changed texts of a Secret back from its data", () => {
        const data = { a: Buffer.from("one").toString("base64"), b: Buffer.from("two").toString("base64") };
        const inputs = { stringData: { a: "one", b: "two" } };
        const changed = { ...data, b: Buffer.from("three").toString("base64") };
        expect(refreshedInputs(inputs, { data }, { data: changed })).to.deep.equal({ stringData: { a: "one", b: "three" } });
        expect(refreshedInputs(inputs, { data }, { data })).to.deep.equal(inputs);
    });
});
