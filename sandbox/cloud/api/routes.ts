import type { Document, Method } from "../discovery/document";

/** An API method and the pattern of its requests. */
export interface Route {
    readonly document: Document;
    readonly id: string;
    readonly method: Method;
    readonly pattern: RegExp;
    /** Parameter names in the order of the pattern's groups. */
    readonly names: readonly string[];
}

/** A request and the route that it matches. */
export interface Match {
    readonly route: Route;
    readonly path: Readonly<Record<string, string>>;
}

const SERVICE_HOST = /^[a-z0-9-]+\.googleapis\.com$/;

/** Returns the routes of all methods. Custom methods come first because `…/{name}` also matches `…/{name}:verb`. */
export function routesOf(documents: readonly Document[]): readonly Route[] {
    const routes = documents.flatMap((document) =>
        Object.entries(document.methods).map(([id, method]) => ({ document, id, method, ...compile(document.servicePath, method) })),
    );
    const isCustom = ({ method }: Route): boolean => /:\w+$/.test(method.path);
    return [...routes.filter(isCustom), ...routes.filter((route) => !isCustom(route))];
}

/** Compiles a path template such as `v1/{+parent}/repositories` to a regular expression with one group per parameter. */
function compile(servicePath: string, { path, parameters }: Method): Pick<Route, "pattern" | "names"> {
    const names: string[] = [];
    const pattern = `${servicePath}${path}`.replace(/\{(\+?)(\w+)\}|[.*+?^${}()|[\]\\]/g, (text, reserved?: string, name?: string) => {
        if (name === undefined) {
            return `\\${text}`;
        }
        names.push(name);
        // A parameter of one segment matches any text, so that the API can say what is wrong with it.
        const given = reserved === "+" ? parameters[name]?.pattern : undefined;
        return `(${given?.replace(/^\^|\$$/g, "") ?? "[^/]+"})`;
    });
    return { pattern: new RegExp(`^/${pattern}/?$`), names };
}

/**
 * Determines the service of a request: from the first path segment, as in the sandbox's custom endpoints, or from the Host header. Without
 * either, the path is bare and any service may match.
 */
export function serviceOf(host: string, pathname: string): { readonly service?: string; readonly pathname: string } {
    const [, first = ""] = /^\/([^/]+)\//.exec(pathname) ?? [];
    if (SERVICE_HOST.test(first)) {
        return { service: first, pathname: pathname.slice(first.length + 1) };
    }
    return SERVICE_HOST.test(host) ? { service: host, pathname } : { pathname };
}

/**
 * Finds the method for a request. A bare path can be one of several services, such as the path of an operation: then each of them has a
 * method.
 */
export function findRoutes(
    routes: readonly Route[],
    { service, pathname }: { readonly service?: string; readonly pathname: string },
    httpMethod: string,
): readonly Match[] {
    const all = routes.flatMap((route) => {
        const isServed = route.method.httpMethod === httpMethod && (service === undefined || route.document.host === service);
        const values = isServed ? route.pattern.exec(pathname)?.slice(1).map(decodeURIComponent) : undefined;
        return values === undefined
            ? []
            : [{ route, path: Object.fromEntries(route.names.map((name, position) => [name, values[position] ?? ""])) }];
    });
    const hosts = all.map(({ route }) => route.document.host);
    return all.filter(({ route }, position) => hosts.indexOf(route.document.host) === position);
}
