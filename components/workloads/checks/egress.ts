import { z } from "zod";

import { LINK_LOCAL, canonical, contains } from "../../../k8s/network/egress";
import type { EgressConfig } from "../egress-config";
import { advise, inOrder, remove, set, type Path, type Remedy, type Report } from "../../config/problem";
import type { Rule } from "../../config/rule";

/** A rule of one destination; `at` gives the key of one of its fields. */
type DestinationRule = (destination: EgressConfig, at: (...path: Path) => string, report: Report) => void;

const eachDestination =
    (rule: DestinationRule): Rule<"workloads"> =>
    ({ workloads }, report) => {
        for (const { egress, at } of workloads) {
            egress.forEach((destination, index) => {
                rule(destination, (...path) => at("egress", index, ...path), report);
            });
        }
    };

/** A destination has exactly one of three kinds. */
export const oneDestination = eachDestination((destination, at, report) => {
    const given = (["host", "cidr", "namespace"] as const).filter((field) => destination[field] !== undefined);
    if (given.length !== 1) {
        const found = given.length === 0 ? "has none of host, cidr and namespace" : `has ${given.join(" and ")}`;
        report(
            at(),
            `${found}, but must name exactly one destination`,
            advise("Write one list element for each destination, with host, cidr or namespace."),
        );
    }
    if (destination.labels !== undefined && destination.namespace === undefined) {
        report(at("labels"), "selects pods, but the destination names no namespace", remove(at("labels")));
    }
});

const LABEL = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";
const NAMESPACE = new RegExp(`^${LABEL}$`);
const HOST = new RegExp(`^(\\*\\.)?(${LABEL}\\.)+[a-z]([-a-z0-9]{0,61}[a-z0-9])?$`);
const RANGE = z.cidrv4();

/** A host is a name outside the cluster. GKE resolves a Service to its pods before it evaluates policies, so a host policy does not apply to Services. */
export const egressHosts = eachDestination(({ host }, at, report) => {
    if (host === undefined) {
        return;
    }
    const [, namespace] = /^[^.]+\.([^.]+)\.svc(\.cluster\.local)?$/.exec(host) ?? [];
    if (namespace !== undefined) {
        const advice = `Replace host with namespace: ${namespace}, with the port that the pods of the Service listen on.`;
        report(at("host"), `${host} is a Service of this cluster, and a host policy does not apply to Services`, advise(advice));
    } else if (host.length > 253 || !HOST.test(host)) {
        const problem = `${host} must be a host name such as huggingface.co or *.example.com, without a scheme, port or path`;
        report(at("host"), problem, hostRemedy(host, at));
    }
});

/** The fix for an IP address or a name in upper case. */
function hostRemedy(host: string, at: (...path: Path) => string): Remedy {
    const [, name = "", port] = /^(?:[a-z][-+.a-z0-9]*:\/\/)?([^/:]+)(?::(\d+))?(?:\/.*)?$/i.exec(host) ?? [];
    const lower = name.toLowerCase();
    if (RANGE.safeParse(`${lower}/32`).success) {
        return advise(`Replace host with cidr: ${lower}/32.`);
    }
    if (!HOST.test(lower)) {
        return advise("Name a host outside the cluster, or set namespace or cidr instead.");
    }
    return inOrder(set(at("host"), lower), ...(port === undefined ? [] : [set(at("ports", 0), Number(port))]));
}

/** The API server refuses a range with host bits, and only the metadata server has a link-local address. */
export const egressRanges = eachDestination(({ cidr }, at, report) => {
    if (cidr === undefined) {
        return;
    }
    if (!RANGE.safeParse(cidr).success) {
        const remedy = RANGE.safeParse(`${cidr}/32`).success
            ? set(at("cidr"), `${cidr}/32`)
            : advise("Write an address and a prefix length.");
        report(at("cidr"), `${cidr} must be an IPv4 range such as 10.20.0.0/16, or 10.20.0.5/32 for one address`, remedy);
    } else if (contains(LINK_LOCAL, cidr)) {
        report(at("cidr"), `${cidr} is link-local: pods reach the metadata server without it`, remove(at()));
    } else if (canonical(cidr) !== cidr) {
        report(at("cidr"), `${cidr} is not the first address of its range`, set(at("cidr"), canonical(cidr)));
    }
});

/** Names of namespaces are DNS labels. */
export const egressNamespaces = eachDestination(({ namespace }, at, report) => {
    if (namespace !== undefined && !NAMESPACE.test(namespace)) {
        const lower = namespace.toLowerCase();
        const remedy = NAMESPACE.test(lower) ? set(at("namespace"), lower) : advise("Name one that kubectl get namespaces lists.");
        report(at("namespace"), `${namespace} is not the name of a namespace`, remedy);
    }
});
