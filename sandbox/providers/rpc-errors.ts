import { Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { encodeProperties } from "./property-values";
import { InitFailed } from "./provider";

/** An error with a gRPC status code. */
export class RpcError extends Error {
    constructor(
        readonly code: status,
        message: string,
    ) {
        super(message);
    }
}

/** Converts an error of a provider to the engine's format. */
export function serviceError(error: unknown): Partial<ServiceError> {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof RpcError) {
        return { code: error.code, details: message };
    }
    const metadata = new Metadata();
    if (error instanceof InitFailed) {
        const detail = new ErrorResourceInitFailed()
            .setId(error.existing.id)
            .setProperties(encodeProperties(error.existing.outputs))
            .setInputs(encodeProperties(error.existing.inputs))
            .setReasonsList([...error.reasons]);
        const packed = new Any();
        packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
        const rich = new Status().setCode(status.UNKNOWN).setMessage(message).setDetailsList([packed]);
        // gRPC libraries expect the structured details of a status under this key.
        metadata.set("grpc-status-details-bin", Buffer.from(rich.serializeBinary()));
    }
    return { code: status.UNKNOWN, details: message, metadata };
}
