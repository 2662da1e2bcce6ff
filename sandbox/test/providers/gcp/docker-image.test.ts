import { expect } from "chai";
import { dockerImage } from "../../../providers/gcp/docker-image";
import { ACCESS_TOKEN, DIGEST, PrivateRegistry } from "../../registry/private-registry";

describe("an image of a simulated repository", () => {
    let registry: PrivateRegistry;
    before(async () => (registry = await PrivateRegistry.start()));
    after(() => registry.stop());

    const lookUp = (imageName: string, token = ACCESS_TOKEN) => dockerImage(`${registry.host}/p/r`, imageName, token);
    const refusal = (imageName: string, token?: string): Promise<string> =>
        lookUp(imageName, token).then(
            () => "found",
            (error: unknown) => (error as Error).message,
        );

    it("is found by tag and by digest with the caller's access token", async () => {
        const found = { name: `i@${DIGEST}`, mediaType: "application/vnd.oci.image.index.v1+json" };
        expect(await lookUp("i:v1")).to.deep.equal(found);
        expect(await lookUp(`i@${DIGEST}`)).to.deep.equal(found);
        expect(await lookUp(`i:v1@${DIGEST}`)).to.deep.equal(found);
    });

    it("is refused without a valid token", async () => {
        expect(await refusal("i:v1", "")).to.equal(
            "googleapi: Error 401: Request is missing required authentication credential, unauthorized",
        );
        expect(await refusal("i:v1", "an-expired-token")).to.equal(
            "googleapi: Error 401: Request had invalid authentication credentials, unauthorized",
        );
    });

    it("is reported as missing, unlike a registry that fails", async () => {
        expect(await refusal("i")).to.equal("googleapi: Error 404: Requested entity was not found: p/r/i, notFound");
        expect(await refusal("i:broken")).to.equal("googleapi: Error 500: the registry answers 500, backendError");
    });
});
