import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

/** Severity of a message. */
export type Severity = "info" | "warning" | "error";

/** Messages of a provider to the user. */
export interface EngineLog {
    /** A message that stays in the output of the update. */
    log(severity: Severity, urn: string, message: string): void;
    /** A line next to the resource that the next one overwrites. */
    status(urn: string, message: string): void;
}

const SEVERITIES: Readonly<Record<Severity, LogSeverity>> = {
    info: LogSeverity.INFO,
    warning: LogSeverity.WARNING,
    error: LogSeverity.ERROR,
};

/** A client of the engine at the address that a plugin gets as its last argument. Undeliverable messages are dropped. */
export function engineLog(address: string): EngineLog {
    const client = new EngineClient(address, credentials.createInsecure());
    const send = (severity: Severity, urn: string, message: string, ephemeral: boolean) => {
        const request = new LogRequest().setSeverity(SEVERITIES[severity]).setUrn(urn).setMessage(message).setEphemeral(ephemeral);
        client.log(request, () => undefined);
    };
    return {
        log: (severity, urn, message) => {
            send(severity, urn, message, false);
        },
        status: (urn, message) => {
            send("info", urn, message, true);
        },
    };
}
