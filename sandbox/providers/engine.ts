import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

/** Severity of a message. */
type Severity = "info" | "warning";

/** Sends a provider's messages to the user. */
export interface EngineLog {
    /** Logs a message that stays in the output of the update. */
    log(severity: Severity, urn: string, message: string): void;
    /** Shows a status line next to the resource. The next one overwrites it. */
    status(urn: string, message: string): void;
}

/**
 * Creates a client of the engine. A plugin gets the engine's address as its last argument. Messages that cannot be delivered are dropped.
 */
export function engineLog(address: string): EngineLog {
    const client = new EngineClient(address, credentials.createInsecure());
    const send = (severity: Severity, urn: string, message: string, ephemeral: boolean) => {
        const level = severity === "warning" ? LogSeverity.WARNING : LogSeverity.INFO;
        const request = new LogRequest().setSeverity(level).setUrn(urn).setMessage(message).setEphemeral(ephemeral);
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
