import { expect } from "chai";
import { projectNumber } from "../../../../cloud/generated";
import { ApiUnderTest } from "../../test-api";

const V1 = "serviceusage.googleapis.com/v1";
const SERVICES = `${V1}/projects/new/services`;
const NAME = `projects/${projectNumber("new")}/services`;

describe("serviceUsage", () => {
    let api: ApiUnderTest;

    beforeEach(async () => {
        api = await ApiUnderTest.start();
    });

    afterEach(() => {
        api.stop();
    });

    const enabled = async (): Promise<readonly string[]> => {
        const { body } = await api.call("GET", `${SERVICES}?filter=state:ENABLED`);
        return (body.services as { config: { name: string } }[]).map(({ config }) => config.name.replace(".googleapis.com", ""));
    };

    it("enables an API and its dependencies with an operation", async () => {
        expect(await enabled())
            .to.include("storage")
            .and.to.not.include("compute");
        const { body: started } = await api.call("POST", `${SERVICES}/container.googleapis.com:enable`);
        expect(started.name).to.match(new RegExp(`^operations/acf\\.p2-${projectNumber("new")}-[0-9a-f-]{36}$`));
        const service = {
            name: `${NAME}/container.googleapis.com`,
            config: { name: "container.googleapis.com", title: "Kubernetes Engine API" },
            state: "ENABLED",
            parent: `projects/${projectNumber("new")}`,
        };
        for (const version of ["v1", "v1beta1"]) {
            const { body } = await api.call("GET", `serviceusage.googleapis.com/${version}/${String(started.name)}`);
            const response = { "@type": "type.googleapis.com/google.api.serviceusage.v1.EnableServiceResponse", service };
            expect([body.done, body.response]).to.deep.equal([true, response]);
        }
        expect(await enabled()).to.include.members([
            "compute",
            "container",
            "containerregistry",
            "iam",
            "iamcredentials",
            "oslogin",
            "pubsub",
        ]);
    });

    it("enables a batch of up to twenty APIs, all or none", async () => {
        const batch = (serviceIds: readonly string[]) => api.refusal("POST", `${SERVICES}:batchEnable`, { serviceIds });
        const before = await enabled();
        expect(await batch(["dns.googleapis.com", "the internet"])).to.equal(
            "403 PERMISSION_DENIED: Not found or permission denied for service(s): the internet.",
        );
        expect(await batch(Array.from({ length: 21 }, (_, index) => `a${index}.googleapis.com`))).to.match(/^400 INVALID_ARGUMENT/);
        expect(await enabled()).to.deep.equal(before);
        expect(await batch(["dns.googleapis.com", "sts.googleapis.com"])).to.equal("200 : ");
        expect(await enabled()).to.include.members(["dns", "sts"]);
    });

    it("lists APIs by state, and gets one", async () => {
        const { body } = await api.call("GET", `${SERVICES}?filter=state:DISABLED`);
        const [first] = body.services as Record<string, unknown>[];
        expect(first).to.deep.equal({
            name: `${NAME}/artifactregistry.googleapis.com`,
            config: { name: "artifactregistry.googleapis.com", title: "Artifact Registry API" },
            state: "DISABLED",
            parent: `projects/${projectNumber("new")}`,
        });
        const all = (await api.call("GET", SERVICES)).body.services as readonly unknown[];
        expect(all.length).to.be.greaterThan((body.services as readonly unknown[]).length);
        expect((await api.call("GET", `${SERVICES}/storage.googleapis.com`)).body.state).to.equal("ENABLED");
        expect(await api.refusal("GET", `${SERVICES}?filter=enabled`)).to.match(/^400 INVALID_ARGUMENT/);
    });

    it("disables an API without dependents, or together with them", async () => {
        const disable = (name: string, body = {}) => api.refusal("POST", `${SERVICES}/${name}.googleapis.com:disable`, body);
        await api.call("POST", `${SERVICES}/container.googleapis.com:enable`);
        expect(await disable("compute")).to.equal(
            "400 FAILED_PRECONDITION: The service compute.googleapis.com is depended on by the following active service(s): container.googleapis.com; " +
                "Please specify disable_dependent_services=true if you want to proceed with disabling all services.",
        );
        expect(await enabled()).to.include("compute");
        expect(await disable("compute", { disableDependentServices: true })).to.equal("200 : ");
        expect(await enabled())
            .to.not.include.members(["compute"])
            .and.to.not.include.members(["container"]);
        expect(await disable("compute")).to.equal("400 FAILED_PRECONDITION: The service compute.googleapis.com is not enabled.");
        expect(await disable("oslogin", { checkIfServiceHasUsage: "SKIP" })).to.equal("200 : ");
    });

    it("lets a project enable Service Usage again", async () => {
        await api.call("POST", `${SERVICES}/serviceusage.googleapis.com:disable`, {});
        expect(await api.refusal("GET", SERVICES)).to.match(/^403 PERMISSION_DENIED: Service Usage API has not been used/);
        await api.call("POST", `${SERVICES}/serviceusage.googleapis.com:enable`, {});
        expect(await api.refusal("GET", SERVICES)).to.equal("200 : ");
    });

    it("creates the service agent of an API at once", async () => {
        const at = "serviceusage.googleapis.com/v1beta1/projects/p/services/artifactregistry.googleapis.com:generateServiceIdentity";
        const { body: made } = await api.call("POST", at);
        const { body } = await api.call("GET", `serviceusage.googleapis.com/v1beta1/${String(made.name)}`);
        expect(made.response).to.deep.include({
            email: `service-${projectNumber("p")}@gcp-sa-artifactregistry.iam.gserviceaccount.com`,
        });
        expect(body).to.deep.equal(made);
    });
});
