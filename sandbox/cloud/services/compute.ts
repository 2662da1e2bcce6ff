import type { Draft } from "../draft";
import { type Behaviour, fullName, type Reference, type Resource, rfc1035, type Service, shortName } from "../service";

const NETWORK = "gcp:compute/network:Network";
const SUBNETWORK = "gcp:compute/subnetwork:Subnetwork";
const ROUTER = "gcp:compute/router:Router";

/** Returns the URL of a Compute Engine resource. */
function selfLink(id: string): string {
    return `https://www.googleapis.com/compute/v1/${id}`;
}

function globalId(draft: Draft, collection: string, name: string): string {
    return `projects/${draft.project}/global/${collection}/${name}`;
}

function regionalId(draft: Draft, collection: string, name: string): string {
    return `projects/${draft.project}/regions/${draft.text("region")}/${collection}/${name}`;
}

/** Returns the reference to a network. Every project has the network `default`, so it needs no ledger entry. */
export function networkReference(draft: Draft): readonly Reference[] {
    const name = draft.optionalText("network");
    if (name === undefined || shortName(name) === "default") {
        return [];
    }
    return [{ type: NETWORK, id: fullName(name, (bare) => globalId(draft, "networks", bare)), onDelete: "refuse" }];
}

/** Returns the reference to the subnetwork, if the inputs specify one. */
export function subnetworkReference(draft: Draft, region: string): readonly Reference[] {
    const name = draft.optionalText("subnetwork");
    if (name === undefined || shortName(name) === "default") {
        return [];
    }
    const id = fullName(name, (bare) => `projects/${draft.project}/regions/${region}/subnetworks/${bare}`);
    return [{ type: SUBNETWORK, id, onDelete: "refuse" }];
}

function addressable(behaviour: Behaviour): Behaviour {
    return {
        name: rfc1035(),
        ...behaviour,
        outputs: (resource) => ({ selfLink: selfLink(resource.id), ...behaviour.outputs?.(resource) }),
    };
}

/** Returns the gateway of a subnetwork: the first address of its range (10.0.0.0/20 → 10.0.0.1). */
function gateway({ draft }: Resource): string {
    const address = draft.optionalText("ipCidrRange")?.split("/")[0] ?? "10.128.0.0";
    return address.replace(/\d+$/, (last) => String(Number(last) + 1));
}

export const compute: Service = {
    [NETWORK]: addressable({
        id: (draft) => globalId(draft, "networks", draft.text("name")),
        outputs: ({ draft }) => ({ numericId: draft.number(19), networkId: draft.number(19), gatewayIpv4: "" }),
    }),
    [SUBNETWORK]: addressable({
        id: (draft) => regionalId(draft, "subnetworks", draft.text("name")),
        regional: "region",
        references: networkReference,
        outputs: (resource) => ({ gatewayAddress: gateway(resource), subnetworkId: Number(resource.draft.number(15)), state: "READY" }),
    }),
    [ROUTER]: addressable({
        id: (draft) => regionalId(draft, "routers", draft.text("name")),
        regional: "region",
        references: networkReference,
    }),
    "gcp:compute/routerNat:RouterNat": {
        id: (draft) => `${draft.project}/${draft.text("region")}/${shortName(draft.text("router"))}/${draft.text("name")}`,
        name: rfc1035(),
        regional: "region",
        references: (draft) => [
            { type: ROUTER, id: fullName(draft.text("router"), (name) => regionalId(draft, "routers", name)), onDelete: "cascade" },
        ],
    },
    "gcp:compute/firewall:Firewall": addressable({
        id: (draft) => globalId(draft, "firewalls", draft.text("name")),
        references: networkReference,
    }),
    "gcp:compute/address:Address": addressable({
        id: (draft) => regionalId(draft, "addresses", draft.text("name")),
        regional: "region",
        references: (draft) => subnetworkReference(draft, draft.text("region")),
        outputs: ({ draft }) => ({
            addressId: Number(draft.number(15)),
            address: draft.optionalText("address") ?? documentationAddress(draft),
            users: [],
        }),
    }),
    "gcp:compute/globalAddress:GlobalAddress": addressable({
        id: (draft) => globalId(draft, "addresses", draft.text("name")),
        outputs: ({ draft }) => ({ address: draft.optionalText("address") ?? documentationAddress(draft) }),
    }),
    "gcp:compute/reservation:Reservation": addressable({
        id: (draft) => `projects/${draft.project}/zones/${draft.text("zone")}/reservations/${draft.text("name")}`,
        outputs: () => ({ status: "READY", kind: "compute#reservation", commitment: "", linkedCommitments: [], satisfiesPzs: false }),
    }),
    "gcp:compute/resourcePolicy:ResourcePolicy": addressable({
        id: (draft) => regionalId(draft, "resourcePolicies", draft.text("name")),
        regional: "region",
    }),
};

/** Returns an address from a range that RFC 5737 reserves for documentation, so it is never a real host. */
function documentationAddress(draft: Draft): string {
    return `203.0.113.${1 + (Number(draft.number(6)) % 254)}`;
}
