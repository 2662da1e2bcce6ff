import { protos, ServiceUsageClient } from "@google-cloud/service-usage";
import { SecretManagerServiceClient } from "@google-cloud/secret-manager";
import { expect } from "chai";
import { projectNumber } from "../../../cloud/generated";
import { ApiUnderTest } from "../test-api";
import { clientOptions } from "./client-options";

const NAME = "projects/new/services/secretmanager.googleapis.com";

describe("@google-cloud/service-usage", () => {
    let api: ApiUnderTest;
    let client: ServiceUsageClient;
    let secrets: SecretManagerServiceClient;

    beforeEach(async () => {
        api = await ApiUnderTest.start();
        const options = clientOptions(api, "new");
        client = new ServiceUsageClient(options);
        secrets = new SecretManagerServiceClient(options);
    });

    afterEach(async () => {
        await client.close();
        await secrets.close();
        api.stop();
    });

    it("enables and disables an API, and refuses its client while it is disabled", async () => {
        const create = () =>
            secrets.createSecret({ parent: "projects/new", secretId: "token", secret: { replication: { automatic: {} } } });
        const refused = await create().catch((error: unknown) => error);
        expect(refused).to.have.property("code", 403);
        expect((refused as Error).message)
            .to.contain(`Secret Manager API has not been used in project ${projectNumber("new")} before or it is disabled.`)
            .and.to.contain('"reason": "SERVICE_DISABLED"');

        const [operation] = await client.enableService({ name: NAME });
        const [{ service }] = await operation.promise();
        expect([service?.name, service?.state]).to.deep.equal([
            `projects/${projectNumber("new")}/services/secretmanager.googleapis.com`,
            protos.google.api.serviceusage.v1.State.ENABLED,
        ]);
        await create();

        const [disabling] = await client.disableService({ name: NAME });
        await disabling.promise();
        const [{ state, config }] = await client.getService({ name: NAME });
        expect([state, config?.title]).to.deep.equal(["DISABLED", "Secret Manager API"]);
    });

    it("enables batches, and lists enabled APIs", async () => {
        const serviceIds = ["container.googleapis.com", "dns.googleapis.com"];
        const [operation] = await client.batchEnableServices({ parent: "projects/new", serviceIds });
        const [{ services }] = await operation.promise();
        expect(services?.map(({ config }) => config?.name)).to.deep.equal(serviceIds);
        const names = [];
        for await (const { config } of client.listServicesAsync({ parent: "projects/new", filter: "state:ENABLED", pageSize: 5 })) {
            names.push(config?.name);
        }
        expect(names).to.include.members([...serviceIds, "compute.googleapis.com", "storage.googleapis.com"]);
    });
});
