import { isDeepStrictEqual } from "node:util";
import { COLLECTIONS } from "../../../../cloud/handlers/compute/fields";
import { natsOf } from "../../../../cloud/handlers/compute/nats";
import { isJsonList, isJsonObject, type JsonObject, textOrEmpty } from "../../../../cloud/json";
import { shortName } from "../../../../cloud/resource-name";
import type { ApiClient } from "../api-client";
import { change, COMMON, findLinked, fullNameOf } from "./compute";
import type { MappedType } from "../mapped-type";
import { nameTemplate } from "../name-template";
import { restType } from "../rest-type";

const TOKEN = "gcp:compute/routerNat:RouterNat";
const ID = nameTemplate("{project}/{region}/{router}/{name}");
const { asset, nested } = COLLECTIONS.routers;

/** Returns the name of the router of a NAT's ID. */
function routerOf(id: string): string {
    const [project = "", region = "", router = ""] = id.split("/");
    return `projects/${project}/regions/${region}/routers/${router}`;
}

/** The API changes all NATs of a router at once, so this provider makes one change at a time. */
let turn: Promise<unknown> = Promise.resolve();

/** Changes the list of a router's NATs. @param next returns the list after the change */
function changeNats(client: ApiClient, path: string, next: (nats: readonly JsonObject[]) => readonly JsonObject[]): Promise<void> {
    const work = async () => change(client, "PATCH", path, { nats: next(natsOf(await client.call("GET", path))) });
    const changed = turn.then(work, work);
    turn = changed;
    return changed;
}

const rest = restType({
    ...{ ...COMMON, token: TOKEN, asset, schema: "RouterNat", regional: "region" },
    id: { ...ID, fill: (inputs) => ID.fill({ ...inputs, router: shortName(textOrEmpty(inputs.router)) }) },
    path: routerOf,
    find: async (client, path, id) => natsOf((await findLinked(client, path)) ?? {}).find(({ name }) => name === shortName(id)),
    change: (client, path, nat) => changeNats(client, path, (nats) => [...nats.filter(({ name }) => name !== nat.name), nat]),
    remove: (client, path, inputs) => changeNats(client, path, (nats) => nats.filter(({ name }) => name !== inputs.name)),
    kept: (nat) => natsOf(COMMON.kept({ nats: [nat] }))[0] ?? {},
    notInBody: ["project", "region", "router", "deletionPolicy"],
    encode: (body, { project, region }) => {
        const parent = `regions/${textOrEmpty(region)}`;
        const { natIps, subnetworks } = body;
        const named = (subnet: JsonObject) => ({ ...subnet, name: fullNameOf(project, `${parent}/subnetworks`, subnet.name) });
        return {
            ...body,
            ...(isJsonList(natIps) && { natIps: natIps.map((address) => fullNameOf(project, `${parent}/addresses`, address) ?? address) }),
            ...(isJsonList(subnetworks) && { subnetworks: subnetworks.filter(isJsonObject).map(named) }),
        };
    },
    shape: { renamed: { "subnetworks.sourceIpRangesToNats": "sourceIpRangesToNat" } },
    defaults: nested.nats ?? {},
    optionalComputed: [
        "autoNetworkTier",
        "drainNatIps",
        "enableDynamicPortAllocation",
        "endpointTypes",
        "minPortsPerVm",
        "natIpAllocateOption",
    ],
});

/** Cloud NAT, which is a part of a router. */
export const routerNat: Readonly<Record<string, MappedType>> = {
    [TOKEN]: {
        ...rest,
        findIn(ledger, inputs) {
            const router = ledger.find(({ type, id }) => type === asset && id === routerOf(rest.id(inputs)));
            return natsOf(router?.inputs ?? {}).some((nat) => isDeepStrictEqual(nat, rest.stored(inputs))) ? rest.id(inputs) : undefined;
        },
    },
};
