import { type handleUnaryCall, status, type UntypedServiceImplementation } from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { checkResponse, diffResponse } from "./answers";
import { decodeProperties, encodeProperties } from "./property-values";
import type { Operation, Provider, Target } from "./provider";
import { RpcError, serviceError } from "./rpc-errors";

/**
 * Translates between a provider's plain values and the messages of the plugin protocol. Other calls of the protocol are not implemented.
 */
export function handlers(provider: Provider): UntypedServiceImplementation {
    const cancellation = new AbortController();
    const operation = (request: { getTimeout(): number } & TargetRequest): Operation => ({
        ...target(request),
        timeoutSeconds: request.getTimeout() > 0 ? request.getTimeout() : undefined,
        cancelled: cancellation.signal,
    });
    return {
        handshake: unary<rpc.ProviderHandshakeRequest, rpc.ProviderHandshakeResponse>(() => new rpc.ProviderHandshakeResponse()),

        getPluginInfo: unary<Empty, PluginInfo>(() => new PluginInfo().setVersion(provider.version)),

        getSchema: unary<rpc.GetSchemaRequest, rpc.GetSchemaResponse>(() => new rpc.GetSchemaResponse().setSchema("{}")),

        checkConfig: unary<rpc.CheckRequest, rpc.CheckResponse>(async (request) => {
            const inputs = decodeProperties(request.getNews());
            return checkResponse((await provider.checkConfig?.({ ...target(request), inputs })) ?? { inputs, failures: [] });
        }),

        diffConfig: unary<rpc.DiffRequest, rpc.DiffResponse>(async (request) => {
            if (provider.diffConfig === undefined) {
                throw new RpcError(status.UNIMPLEMENTED, "DiffConfig");
            }
            const oldInputs = decodeProperties(request.getOldInputs() ?? request.getOlds());
            return diffResponse(await provider.diffConfig({ ...target(request), inputs: decodeProperties(request.getNews()), oldInputs }));
        }),

        configure: unary<rpc.ConfigureRequest, rpc.ConfigureResponse>(async (request) => {
            await provider.configure(decodeProperties(request.getArgs()));
            return new rpc.ConfigureResponse().setSupportspreview(true);
        }),

        check: unary<rpc.CheckRequest, rpc.CheckResponse>(async (request) =>
            checkResponse(
                await provider.check({
                    ...target(request),
                    inputs: decodeProperties(request.getNews()),
                    oldInputs: optional(request.getOlds()),
                    randomSeed: request.getRandomseed_asU8(),
                }),
            ),
        ),

        diff: unary<rpc.DiffRequest, rpc.DiffResponse>(async (request) =>
            diffResponse(
                await provider.diff({
                    ...target(request),
                    id: request.getId(),
                    inputs: decodeProperties(request.getNews()),
                    oldInputs: decodeProperties(request.getOldInputs()),
                    oldOutputs: decodeProperties(request.getOlds()),
                }),
            ),
        ),

        create: unary<rpc.CreateRequest, rpc.CreateResponse>(async (request) => {
            const inputs = decodeProperties(request.getProperties());
            const { id, outputs } = await provider.create({ ...operation(request), inputs, preview: request.getPreview() });
            return new rpc.CreateResponse().setId(request.getPreview() ? "" : id).setProperties(encodeProperties(outputs));
        }),

        read: unary<rpc.ReadRequest, rpc.ReadResponse>(async (request) => {
            const existing = await provider.read({
                ...operation(request),
                id: request.getId(),
                inputs: optional(request.getInputs()),
                outputs: optional(request.getProperties()),
            });
            const response = new rpc.ReadResponse();
            if (existing === undefined) {
                // An empty ID means that the resource no longer exists.
                return response;
            }
            return response
                .setId(existing.id)
                .setProperties(encodeProperties(existing.outputs))
                .setInputs(encodeProperties(existing.inputs));
        }),

        update: unary<rpc.UpdateRequest, rpc.UpdateResponse>(async (request) => {
            const outputs = await provider.update({
                ...operation(request),
                id: request.getId(),
                inputs: decodeProperties(request.getNews()),
                oldInputs: decodeProperties(request.getOldInputs()),
                oldOutputs: decodeProperties(request.getOlds()),
                preview: request.getPreview(),
                ignoreChanges: request.getIgnorechangesList(),
            });
            return new rpc.UpdateResponse().setProperties(encodeProperties(outputs));
        }),

        delete: unary<rpc.DeleteRequest, Empty>(async (request) => {
            await provider.delete({
                ...operation(request),
                id: request.getId(),
                inputs: decodeProperties(request.getOldInputs()),
                outputs: decodeProperties(request.getProperties()),
            });
            return new Empty();
        }),

        invoke: unary<rpc.InvokeRequest, rpc.InvokeResponse>(async (request) => {
            if (provider.invoke === undefined) {
                throw new RpcError(status.UNIMPLEMENTED, `unknown function ${request.getTok()}`);
            }
            const answer = await provider.invoke(request.getTok(), decodeProperties(request.getArgs()));
            return new rpc.InvokeResponse().setReturn(encodeProperties(answer));
        }),

        cancel: unary<Empty, Empty>(() => {
            cancellation.abort();
            return new Empty();
        }),
    };
}

function unary<Request, Response>(handle: (request: Request) => Response | Promise<Response>): handleUnaryCall<Request, Response> {
    return (call, callback) => {
        const answer = async () => handle(call.request);
        answer().then(
            (response) => {
                callback(null, response);
            },
            (error: unknown) => {
                callback(serviceError(error));
            },
        );
    };
}

interface TargetRequest {
    getUrn(): string;
    getName(): string;
    getType(): string;
}

function target(request: TargetRequest): Target {
    return { urn: request.getUrn(), type: request.getType(), name: request.getName() };
}

/** The engine may send an empty message instead of none. */
function optional(message: Struct | undefined) {
    return message === undefined || message.getFieldsMap().getLength() === 0 ? undefined : decodeProperties(message);
}
