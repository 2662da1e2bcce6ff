import { expect } from "chai";
import { ApiUnderTest } from "../../test-api";

const POOLS = "iam.googleapis.com/v1/projects/p/locations/global/workloadIdentityPools";

describe("workload identity pools", () => {
    let api: ApiUnderTest;
    beforeEach(async () => {
        api = await ApiUnderTest.start();
    });
    afterEach(() => {
        api.stop();
    });

    it("have no attestation rules, which the official provider lists at each read", async () => {
        await api.call("POST", `${POOLS}?workloadIdentityPoolId=ml-platform`, {});
        expect(await api.call("GET", `${POOLS}/ml-platform:listAttestationRules`)).to.deep.include({ status: 200, body: {} });
        expect(await api.call("GET", `${POOLS}/other-pool:listAttestationRules`)).to.deep.include({ status: 404 });
    });
});
