import { type JsonObject, textOrEmpty } from "../../json";
import type { Entry, Ledger } from "../../ledger";
import { ReasonError } from "../common/reason-error";
import { Resources } from "../common/resources";

/** Ledger type of record sets. */
export const RECORD_SET = "dns.googleapis.com/ResourceRecordSet";

/** The name servers of all zones. Google assigns a set of four to each. */
export const NAME_SERVERS = [1, 2, 3, 4].map((number) => `ns-cloud-a${number}.googledomains.com.`);

/** A record set as the API names it in messages. */
export function labelOf({ name, type }: JsonObject): string {
    return `${textOrEmpty(name)} (${textOrEmpty(type)})`;
}

/** The record sets of zones. The NS and SOA records that a zone has from the beginning are in the ledger only after a change. */
export class RecordSets {
    private readonly resources: Resources;

    constructor(private readonly ledger: Ledger) {
        this.resources = new Resources(ledger, RECORD_SET);
    }

    /** Returns all record sets of a zone. */
    of(zone: Entry): readonly JsonObject[] {
        const stored = this.resources.list(`${zone.id}/rrsets`).map(({ inputs }) => inputs);
        const own = ownRecords(zone).filter((record) => !stored.some((other) => labelOf(other) === labelOf(record)));
        return [...own, ...stored].map((record) => ({ kind: "dns#resourceRecordSet", ...record }));
    }

    /** Returns those that someone added. */
    added(zone: Entry): readonly JsonObject[] {
        const own = ownRecords(zone).map(labelOf);
        return this.of(zone).filter((record) => !own.includes(labelOf(record)));
    }

    find(zone: Entry, record: JsonObject): JsonObject | undefined {
        return this.of(zone).find((other) => labelOf(other) === labelOf(record));
    }

    /** @throws ReasonError if the zone does not have the record set */
    get(zone: Entry, { name, type }: JsonObject): JsonObject {
        const found = this.find(zone, { name, type });
        if (found === undefined) {
            throw new ReasonError(404, `The 'parameters.name' resource named '${labelOf({ name, type })}' does not exist.`, "notFound");
        }
        return found;
    }

    put(zone: Entry, { kind: _, ...record }: JsonObject): void {
        this.resources.create(recordId(zone.id, record), record);
    }

    remove(zone: Entry, record: JsonObject): void {
        this.ledger.remove([{ type: RECORD_SET, id: recordId(zone.id, record) }]);
    }
}

/** Returns the ID of a record set in the official provider. */
export function recordId(zone: string, { name, type }: JsonObject): string {
    return `${zone}/rrsets/${textOrEmpty(name)}/${textOrEmpty(type)}`;
}

function ownRecords({ inputs: { dnsName: name } }: Entry): readonly JsonObject[] {
    const soa = `${NAME_SERVERS[0] ?? ""} cloud-dns-hostmaster.google.com. 1 21600 3600 259200 300`;
    return [
        { name, type: "NS", ttl: 21600, rrdatas: NAME_SERVERS },
        { name, type: "SOA", ttl: 21600, rrdatas: [soa] },
    ];
}
