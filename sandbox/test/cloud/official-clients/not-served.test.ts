import { cloudresourcemanager } from "@googleapis/cloudresourcemanager";
import { expect } from "chai";
import { OAuth2Client } from "google-auth-library";
import { ApiUnderTest, TOKEN } from "../test-api";

describe("clients that call methods outside of the sandbox", () => {
    let api: ApiUnderTest;
    const auth = new OAuth2Client();
    auth.setCredentials({ access_token: TOKEN });

    before(async () => {
        api = await ApiUnderTest.start();
    });

    after(() => {
        api.stop();
    });

    it("fail at once: @googleapis/cloudresourcemanager", async () => {
        const { folders } = cloudresourcemanager({ version: "v3", auth, rootUrl: api.url });
        const error = await folders.create({ requestBody: {} }).catch((error: unknown) => error);
        expect(error).to.include({ status: 501 });
        expect((error as Error).message).to.match(
            /^The sandbox does not serve POST \/v3\/folders\. It serves artifactregistry\.googleapis\.com, /,
        );
    });
});
