import { expect } from "chai";
import { projectNumber } from "../../../../../cloud/generated";
import { MappedProvider, refusal } from "../mapped-provider";

const SERVICE = "gcp:projects/service:Service";
const IDENTITY = "gcp:projects/serviceIdentity:ServiceIdentity";
const SECRET = "gcp:secretmanager/secret:Secret";

const service = { project: "new", service: "secretmanager.googleapis.com" };
const ID = "new/secretmanager.googleapis.com";

describe("service usage", () => {
    let gcp: MappedProvider;

    beforeEach(async () => {
        gcp = await MappedProvider.start();
    });

    afterEach(() => {
        gcp.stop();
    });

    const enabled = () => gcp.ledger.apis.new?.includes("secretmanager.googleapis.com") ?? false;

    it("enables an API, so that the program can create its resources", async () => {
        const secret = { project: "new", secretId: "token", replication: { auto: {} } };
        expect(await refusal(gcp.create(SECRET, secret))).to.match(
            /^googleapi: Error 403: Secret Manager API has not been used in project \d+ before or it is disabled\./,
        );
        expect((await gcp.create(SERVICE, service)).id).to.equal(ID);
        expect((await gcp.create(SECRET, secret)).id).to.equal("projects/new/secrets/token");
        expect((await gcp.read(SERVICE, ID, service))?.inputs).to.deep.equal({ ...service, __defaults: [] });
        expect((await gcp.read(SERVICE, ID))?.inputs).to.deep.equal({ ...service, __defaults: [] });
        expect((await gcp.create(SERVICE, service)).id).to.equal(ID);
    });

    it("keeps an API enabled when it is removed, unless disableOnDestroy is set", async () => {
        await gcp.create(SERVICE, service);
        await gcp.delete(SERVICE, ID, { ...service, disableOnDestroy: false });
        await gcp.delete(SERVICE, ID, service);
        expect(enabled()).to.equal(true);
        await gcp.update(SERVICE, ID, service, { ...service, disableOnDestroy: true });
        await gcp.delete(SERVICE, ID, { ...service, disableOnDestroy: true });
        expect([enabled(), await gcp.read(SERVICE, ID, service)]).to.deep.equal([false, undefined]);
        await gcp.delete(SERVICE, ID, { ...service, disableOnDestroy: true });
    });

    it("returns the service agent of an API", async () => {
        const inputs = { project: "p", service: "artifactregistry.googleapis.com" };
        const { id, outputs } = await gcp.create(IDENTITY, inputs);
        const email = `service-${projectNumber("p")}@gcp-sa-artifactregistry.iam.gserviceaccount.com`;
        expect([id, outputs]).to.deep.equal([
            "projects/p/services/artifactregistry.googleapis.com",
            { ...inputs, email, member: `serviceAccount:${email}` },
        ]);
        expect((await gcp.read(IDENTITY, id))?.outputs).to.deep.equal(outputs);
        await gcp.delete(IDENTITY, id, inputs);
    });
});
