import { Storage } from "@google-cloud/storage";
import { secretmanager } from "@googleapis/secretmanager";
import { expect } from "chai";
import { OAuth2Client } from "google-auth-library";
import { ApiUnderTest, TOKEN } from "../test-api";

describe("clients of services that do not speak Google's API yet", () => {
    let api: ApiUnderTest;
    const auth = new OAuth2Client();
    auth.setCredentials({ access_token: TOKEN });

    beforeEach(async () => {
        api = await ApiUnderTest.start();
    });

    afterEach(() => {
        api.stop();
    });

    async function refusal(work: Promise<unknown>): Promise<unknown> {
        return work.then(
            () => undefined,
            (error: unknown) => error,
        );
    }

    it("are told so at once: @googleapis/secretmanager", async () => {
        const { secrets } = secretmanager({ version: "v1", auth, rootUrl: api.url }).projects;
        const error = await refusal(secrets.create({ parent: "projects/p", secretId: "token", requestBody: {} }));
        expect(error).to.include({ status: 501 });
        expect((error as Error).message).to.match(
            /^The sandbox does not serve POST \/v1\/projects\/p\/secrets\. It serves artifactregistry\.googleapis\.com, /,
        );
    });

    it("are asked for credentials first: @google-cloud/storage, which sends none to a custom endpoint", async () => {
        const storage = new Storage({
            apiEndpoint: `${api.url}/storage.googleapis.com`,
            projectId: "p",
            retryOptions: { autoRetry: false },
        });
        const error = await refusal(storage.createBucket("bucket"));
        expect(error).to.include({ code: 401 });
        expect((error as Error).message).to.match(/^Request is missing required authentication credential\./);
    });
});
