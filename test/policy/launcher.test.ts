import { credentials, type ServiceError } from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import {
    AnalyzeRequest,
    type AnalyzeResponse,
    type AnalyzerInfo,
    AnalyzerResourceOptions,
    AnalyzerStackConfigureRequest,
    ConfigureAnalyzerRequest,
    EnforcementLevel,
    PolicyConfig,
} from "@pulumi/pulumi/proto/analyzer_pb";
import { expect } from "chai";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import * as path from "node:path";
import { ACCOUNT_KEY } from "./resources";

describe("policy/launch", function () {
    this.timeout(120_000); // starts Node.js twice, which is slow on a busy machine
    let child: ChildProcess;
    let client: AnalyzerClient;

    beforeEach(async () => {
        // From another folder, as the engine does.
        child = spawn(path.resolve("policy/launch"), ["127.0.0.1:1"], { cwd: "/", stdio: ["pipe", "pipe", "inherit"] });
        const [port] = (await once(child.stdout ?? child, "data")) as [Buffer];
        client = new AnalyzerClient(`127.0.0.1:${port.toString().trim()}`, credentials.createInsecure());
    });

    afterEach(async () => {
        client.close();
        child.stdin?.end();
        expect(await once(child, "exit")).to.deep.equal([0, null]);
    });

    it("passes the stack to the pack, and returns its violations", async () => {
        await configureStack("europe", "prod");
        expect(await levels()).to.deep.equal(new Set([EnforcementLevel.MANDATORY]));
        expect(await analyzeKey()).to.deep.equal([{ rule: "no-service-account-key", level: EnforcementLevel.MANDATORY }]);
        await exempt({ key: "a partner that has no identity federation" });
        expect(await analyzeKey()).to.deep.equal([]);
        await exempt({ "another-key": "a partner that has no identity federation" });
        expect(await analyzeKey()).to.have.length(1);
    });

    it("runs it as advisory if the stack is not production", async () => {
        await configureStack("dev", "dev");
        expect(await levels()).to.deep.equal(new Set([EnforcementLevel.ADVISORY, EnforcementLevel.DISABLED]));
        expect(await analyzeKey()).to.deep.equal([{ rule: "no-service-account-key", level: EnforcementLevel.ADVISORY }]);
    });

    async function configureStack(stack: string, environment: string): Promise<void> {
        const request = new AnalyzerStackConfigureRequest();
        request.setStack(stack);
        request.getConfigMap().set("ml-platform:environment", environment);
        await answer((done) => client.configureStack(request, done));
    }

    async function levels(): Promise<Set<EnforcementLevel>> {
        const info = await answer<AnalyzerInfo>((done) => client.getAnalyzerInfo(new Empty(), done));
        return new Set(info.getPoliciesList().map((rule) => rule.getEnforcementlevel()));
    }

    async function exempt(resources: Record<string, string>): Promise<void> {
        const request = new ConfigureAnalyzerRequest();
        const config = new PolicyConfig();
        config.setEnforcementlevel(EnforcementLevel.MANDATORY);
        config.setProperties(Struct.fromJavaScript({ exempt: resources }));
        request.getPolicyconfigMap().set("no-service-account-key", config);
        await answer((done) => client.configure(request, done));
    }

    async function analyzeKey(): Promise<{ rule: string; level: EnforcementLevel }[]> {
        const request = new AnalyzeRequest();
        request.setType(ACCOUNT_KEY.type);
        request.setName(ACCOUNT_KEY.name);
        request.setOptions(new AnalyzerResourceOptions());
        request.setProperties(Struct.fromJavaScript({}));
        const response = await answer<AnalyzeResponse>((done) => client.analyze(request, done));
        return response.getDiagnosticsList().map((found) => ({ rule: found.getPolicyname(), level: found.getEnforcementlevel() }));
    }
});

function answer<T>(call: (done: (error: ServiceError | null, response: T) => void) => unknown): Promise<T> {
    return new Promise((resolve, reject) => {
        call((error, response) => {
            if (error === null) {
                resolve(response);
            } else {
                reject(error);
            }
        });
    });
}
