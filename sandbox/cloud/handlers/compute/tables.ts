import { acceleratorNames, acceleratorOf, acceleratorZones, countsOf } from "../../../../gke/gpu-machines";
import { generalPurposeNames, machineOf, sharesCores } from "../../../../gke/machine-types";
import { regionOf, regions, zones, zonesOf } from "../../../../gke/zones";
import { type Call, type Handler, textOf } from "../../api/service";
import { projectNumber } from "../../generated";
import { type JsonObject, textOrEmpty } from "../../json";
import { shortName } from "../../resource-name";
import { locationOf } from "../common/collection";
import { notFound } from "./compute-error";
import { numberOf, pacificTime } from "./fields";
import { aggregatedListOf, listOf } from "./lists";
import { collectionOf } from "./names";
import type { Quotas } from "./quotas";

/** What exists in every project: regions, zones, and the types of each zone. The names of their methods are the keys. */
const TABLES: Readonly<Record<string, (parent: string, zone: string, quotas: Quotas) => readonly JsonObject[]>> = {
    regions: (parent, _, quotas) =>
        regions.map((name) => ({
            ...{ name, status: "UP", zones: zonesOf(name).map((zone) => parent.replace(/regions$/, `zones/${zone}`)) },
            ...{ quotas: quotas.list(parent.split("/")[1] ?? "", name), supportsPzs: false },
        })),
    zones: (parent) =>
        zones.map((name) => ({ name, status: "UP", region: parent.replace(/zones$/, `regions/${regionOf(name)}`), supportsPzs: false })),
    machineTypes: (_, zone) => machineTypesOf(zone),
    acceleratorTypes: (parent, zone) =>
        acceleratorNames
            .filter((type) =>
                [type, ...acceleratorOf(type).machines.map(({ name }) => name)].some((name) => acceleratorZones(type, name).includes(zone)),
            )
            .map((name) => ({ name, zone: parent.replace(/\/[^/]+$/, ""), maximumCardsPerInstance: countsOf(name).at(-1) })),
};

/** The machine types of each zone. They never change, and a list of all zones has several pages. */
const machineTypes = new Map<string, readonly JsonObject[]>();

function machineTypesOf(zone: string): readonly JsonObject[] {
    const known = machineTypes.get(zone);
    if (known !== undefined) {
        return known;
    }
    const types = [
        ...generalPurposeNames.map((name) => machineFields(name, zone)),
        ...acceleratorNames.flatMap((type) =>
            acceleratorOf(type)
                .machines.filter(({ name }) => acceleratorZones(type, name).includes(zone))
                .map(({ name, gpus }) => ({
                    ...machineFields(name, zone),
                    accelerators: [{ guestAcceleratorType: type, guestAcceleratorCount: gpus }],
                })),
        ),
    ];
    machineTypes.set(zone, types);
    return types;
}

function machineFields(name: string, zone: string): JsonObject {
    const { vcpus, memoryGib } = machineOf(name) ?? { vcpus: 0, memoryGib: 0 };
    const description = `${vcpus} vCPUs, ${memoryGib} GB RAM`;
    return { name, zone, description, guestCpus: vcpus, memoryMb: memoryGib * 1024, isSharedCpu: sharesCores(name) };
}

/** Regions and zones belong to the project, types to a zone. */
function parentOf(table: string, call: Call): string {
    return table.endsWith("Types") ? collectionOf(call, table) : `projects/${textOf(call, "project")}/${table}`;
}

const EPOCH = pacificTime("1970-01-01T00:00:00Z");

/** Returns the rows of a table as resources of a project. */
function rowsOf(table: string, call: Call, quotas: Quotas): readonly JsonObject[] {
    const parent = parentOf(table, call);
    return (TABLES[table]?.(parent, textOf(call, "zone"), quotas) ?? []).map((row) => ({
        ...{ kind: `compute#${table.slice(0, -1)}`, id: numberOf({ uuid: `${table} ${textOrEmpty(row.name)}` }), description: row.name },
        ...{ creationTimestamp: EPOCH, selfLink: `${parent}/${textOrEmpty(row.name)}`, ...row },
    }));
}

/** The methods of the tables, of projects and of instance groups. */
export function tableMethods(quotas: Quotas): Readonly<Record<string, Handler>> {
    const methods = Object.keys(TABLES).map((table) => ({
        [`compute.${table}.list`]: (call: Call) => listOf(call, table.slice(0, -1), rowsOf(table, call, quotas)),
        [`compute.${table}.get`]: (call: Call) => {
            const name = textOf(call, table.slice(0, -1));
            const found = rowsOf(table, call, quotas).find((row) => row.name === name);
            if (found === undefined) {
                throw notFound(`${parentOf(table, call)}/${name}`);
            }
            return found;
        },
        [`compute.${table}.aggregatedList`]: (call: Call) => {
            const ofZone = (zone: string) => rowsOf(table, { ...call, parameters: { ...call.parameters, zone } }, quotas);
            return aggregatedListOf(call, table, zones.flatMap(ofZone));
        },
    }));
    const groupsOf = (parent: string): readonly JsonObject[] =>
        quotas
            .groups()
            .filter(({ id }) => id.startsWith(`${parent}/`))
            .map(({ id, size }) => ({
                ...{ kind: "compute#instanceGroupManager", id: numberOf({ uuid: id }), name: shortName(id), selfLink: id },
                ...{ zone: locationOf(id), instanceGroup: id.replace("Managers/", "s/") },
                ...{ targetSize: size, status: { isStable: true } },
            }));
    return {
        ...(Object.assign({}, ...methods) as Readonly<Record<string, Handler>>),
        "compute.projects.get": (call) => {
            const name = textOf(call, "project");
            const [number, selfLink] = [projectNumber(name), `projects/${name}`];
            return {
                ...{
                    kind: "compute#project",
                    id: numberOf({ uuid: name }),
                    name,
                    creationTimestamp: pacificTime("2024-01-01T00:00:00Z"),
                    selfLink,
                },
                ...{ defaultNetworkTier: "PREMIUM", defaultServiceAccount: `${number}-compute@developer.gserviceaccount.com` },
                quotas: quotas.list(name),
            };
        },
        "compute.instanceGroupManagers.list": (call) =>
            listOf(call, "instanceGroupManager", groupsOf(collectionOf(call, "instanceGroupManagers"))),
        "compute.instanceGroupManagers.aggregatedList": (call) =>
            aggregatedListOf(call, "instanceGroupManagers", groupsOf(`projects/${textOf(call, "project")}`)),
    };
}
