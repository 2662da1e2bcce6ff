import { expect } from "chai";
import { parseConfig } from "../../../components/config/load";
import type { StackConfig } from "../../../components/config/stack";
import { lookUp } from "../../../components/training/kept-objects";
import { sound } from "../bad-stacks";

describe("lookUp", () => {
    /** The requests to the cluster for these sections. */
    async function asked(sections: Partial<StackConfig>): Promise<readonly string[]> {
        const requests: string[] = [];
        const list = (path: string, selector = "") => {
            requests.push(`${path} ${selector}`.trim());
            return Promise.resolve([]);
        };
        await lookUp({ list }, sections);
        return requests;
    }

    it("requests the namespaces and the run of the stack file, and every run and claim", async () => {
        const { inference, training } = parseConfig(sound, "dev");
        expect(await asked({ inference, training })).to.deep.equal([
            `/api/v1/namespaces kubernetes.io/metadata.name in (${inference?.namespace ?? ""},${training?.namespace ?? ""})`,
            "/apis/batch/v1/jobs ml-platform/run",
            "/api/v1/persistentvolumeclaims",
            `/api/v1/namespaces/${training?.namespace ?? ""}/services`,
        ]);
    });

    it("sends no selector with an empty set, which Kubernetes rejects", async () => {
        expect(await asked({})).to.deep.equal(["/apis/batch/v1/jobs ml-platform/run", "/api/v1/persistentvolumeclaims"]);
    });
});
