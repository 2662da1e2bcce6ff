import type { Policies } from "@pulumi/policy";
import * as server from "@pulumi/policy/server";
import {
    AnalyzeRequest,
    AnalyzeStackRequest,
    AnalyzerResource,
    AnalyzerResourceOptions,
    type AnalyzeResponse,
} from "@pulumi/pulumi/proto/analyzer_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { policies } from "../../policy/rules/all";

/** A resource as the engine describes it to a policy pack. */
export interface Described {
    readonly type: string;
    readonly name: string;
    readonly protect: boolean;
    readonly props: object;
}

/** The part of a violation that the engine prints. */
export interface Violation {
    readonly rule: string;
    readonly message: string;
}

type Analyze<Request> = (call: { request: Request }, done: (error: Error | null, response?: AnalyzeResponse) => void) => void;
type Handler<Request> = (pack: string, version: string, level: string, policies: Policies) => Analyze<Request>;

// The SDK's own handlers of the engine's calls: they decode a resource, and wrap it in the proxy that throws for unknown values.
const { makeAnalyzeRpcFun, makeAnalyzeStackRpcFun } = server as unknown as {
    makeAnalyzeRpcFun: Handler<AnalyzeRequest>;
    makeAnalyzeStackRpcFun: Handler<AnalyzeStackRequest>;
};
const pack = ["ml-platform", "1.0.0", "mandatory", policies(true)] as const;

/** The pack's violations for one resource, in a production stack. */
export function analyze(resource: Described): Promise<Violation[]> {
    const request = new AnalyzeRequest();
    describe(request, resource);
    return answer(makeAnalyzeRpcFun(...pack), AnalyzeRequest.deserializeBinary(request.serializeBinary()));
}

/** The pack's violations for several resources together, in a production stack. */
export function analyzeStack(resources: readonly Described[]): Promise<Violation[]> {
    const request = new AnalyzeStackRequest();
    request.setResourcesList(
        resources.map((resource) => {
            const described = new AnalyzerResource();
            describe(described, resource);
            return described;
        }),
    );
    return answer(makeAnalyzeStackRpcFun(...pack), AnalyzeStackRequest.deserializeBinary(request.serializeBinary()));
}

function describe(request: AnalyzeRequest | AnalyzerResource, { type, name, protect, props }: Described): void {
    const options = new AnalyzerResourceOptions();
    options.setProtect(protect);
    request.setType(type);
    request.setName(name);
    request.setUrn(`urn:pulumi:prod::ml-platform::${type}::${name}`);
    request.setOptions(options);
    request.setProperties(Struct.fromJavaScript(structuredClone(props) as Parameters<typeof Struct.fromJavaScript>[0]));
}

function answer<Request>(call: Analyze<Request>, request: Request): Promise<Violation[]> {
    return new Promise((resolve, reject) => {
        call({ request }, (error, response) => {
            if (response === undefined) {
                reject(error ?? new Error("No answer."));
                return;
            }
            resolve(response.getDiagnosticsList().map((found) => ({ rule: found.getPolicyname(), message: found.getMessage() })));
        });
    });
}
