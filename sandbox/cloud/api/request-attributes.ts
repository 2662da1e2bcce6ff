import { modifiedRoles } from "../access/access";
import type { RequestAttributes } from "../access/conditions";
import { isJsonObject, type JsonObject, textOrEmpty } from "../json";
import type { Method } from "../discovery/document";
import type { Ledger } from "../ledger";
import type { Parameters } from "./parameters";
import { projectIdOf } from "./projects";
import type { Route } from "./routes";

/** Returns what allow policies know of a request: the service, the resource, and the roles that it changes. */
export function requestAttributes(
    ledger: Ledger,
    { document: { host: service }, method }: Pick<Route, "document" | "method">,
    parameters: Parameters,
    body: JsonObject,
): RequestAttributes {
    const name = service === "compute.googleapis.com" ? pathOf(method, parameters, body) : resourceName(ledger, parameters);
    // Cloud Storage sends a policy without a message around it.
    const policy = body.policy ?? (parameters.bucket !== undefined && body.bindings !== undefined ? body : undefined);
    const before = ledger.list().find((entry) => entry.id === (parameters.bucket ?? name))?.policy;
    return { service, name, modifiedRoles: isJsonObject(policy) ? modifiedRoles(before, policy) : [] };
}

/** Compute Engine names resources by their paths, a new one by the path of its collection and its name. */
function pathOf({ path, httpMethod }: Method, parameters: Parameters, body: JsonObject): string {
    const isNew = httpMethod === "POST" && typeof body.name === "string";
    const template = isNew ? `${path}/{name}` : path.slice(0, path.lastIndexOf("}") + 1);
    return template.replace(/\{(\w+)\}/g, (_, name: string) => textOrEmpty(parameters[name] ?? body[name]));
}

/**
 * Returns the name of a request's resource: the value of its `name`, `resource`, `resourceName` or `parent`. Cloud Resource Manager v1 names projects by
 * their bare ID, Cloud Storage and Cloud DNS have names of their own, IAM finds service accounts in `projects/-`, and an operation of Service Usage belongs to
 * its project.
 */
function resourceName(ledger: Ledger, parameters: Parameters): string {
    const { name, resource, resourceName, parent, projectId, project, bucket, managedZone } = parameters;
    if (typeof bucket === "string") {
        return `projects/_/buckets/${bucket}`;
    }
    if (typeof managedZone === "string") {
        return `projects/${textOrEmpty(project)}/managedZones/${managedZone}`;
    }
    const found = [name, resource, resourceName, parent, projectId, project].find((value) => typeof value === "string");
    if (typeof found !== "string") {
        return "";
    }
    const [, number] = /^operations\/acf\.p2-(\d+)-/.exec(found) ?? [];
    if (number !== undefined) {
        return `projects/${projectIdOf(ledger, number)}`;
    }
    if (!found.includes("/")) {
        return `projects/${projectIdOf(ledger, found)}`;
    }
    const [, account] = /^projects\/-\/serviceAccounts\/(.+)$/.exec(found) ?? [];
    return account === undefined ? found : (ledger.list().find(({ id }) => id.endsWith(`/serviceAccounts/${account}`))?.id ?? found);
}
