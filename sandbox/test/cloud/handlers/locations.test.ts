import { expect } from "chai";
import { ApiUnderTest } from "../test-api";

describe("locations", () => {
    let api: ApiUnderTest;

    beforeEach(async () => {
        api = await ApiUnderTest.start();
    });

    afterEach(() => {
        api.stop();
    });

    for (const [host, other] of [
        ["artifactregistry.googleapis.com/v1beta2", "europe"],
        ["cloudkms.googleapis.com/v1", "global"],
        ["certificatemanager.googleapis.com/v1", "global"],
        ["secretmanager.googleapis.com/v1", undefined],
    ] as const) {
        it(`of ${host} are its regions${other === undefined ? "" : ` and ${other}`}`, async () => {
            const at = `${host}/projects/p/locations`;
            const { body } = await api.call("GET", at);
            const ids = (body.locations as readonly { locationId: string }[]).map(({ locationId }) => locationId);
            expect(ids).to.include.members(["us-central1", ...(other === undefined ? [] : [other])]);
            expect((await api.call("GET", `${at}/us-central1`)).body).to.deep.equal({
                ...{ name: "projects/p/locations/us-central1", locationId: "us-central1" },
                labels: { "cloud.googleapis.com/region": "us-central1" },
            });
            expect(await api.refusal("GET", `${at}/atlantis`)).to.match(/^403 PERMISSION_DENIED/);
        });
    }
});
