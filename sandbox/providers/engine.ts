import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

/** How loud a message is. */
export type Severity = "info" | "warning" | "error";

/** What a provider can tell the person while it works. */
export interface EngineLog {
    /** A message that stays in the output of the update. */
    log(severity: Severity, urn: string, message: string): void;
    /** A line beside the resource that the next one overwrites. */
    status(urn: string, message: string): void;
}

const SEVERITIES: Readonly<Record<Severity, LogSeverity>> = {
    info: LogSeverity.INFO,
    warning: LogSeverity.WARNING,
    error: LogSeverity.ERROR,
};

/** Talks to the engine whose address it gives a plugin as its last argument. Messages that cannot be delivered are dropped. */
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
