import { expect } from "chai";
import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { limitsOf, Quotas } from "../../cloud/handlers/compute/quotas";
import { TestIssuer } from "./official-clients/test-issuer";
import { type Answer, ApiUnderTest } from "./test-api";

const FOLDER = path.join(__dirname, "refusals");

/** A request to the API. `refusals/README.md` describes the fields of the files. */
interface Request {
    /** Method, host and path. */
    readonly call: string;
    readonly body?: unknown;
    readonly headers?: Readonly<Record<string, string>>;
    /** The service account that sends the request. Default: the owner, who may do everything. */
    readonly as?: string;
}

interface Refusal {
    readonly message: string;
    readonly answer: string;
    /** As in SANDBOX_QUOTAS. Default: plenty. */
    readonly quotas?: string;
    readonly given?: readonly Request[];
    readonly request?: Request;
    readonly twin?: Partial<Request>;
}

interface ErrorBody {
    readonly code?: number;
    readonly status?: string;
    readonly message?: string;
    readonly errors?: readonly { readonly reason: string }[];
}

interface ComputeOperation {
    readonly httpErrorStatusCode?: number;
    readonly error?: { readonly errors: readonly [{ readonly code: string; readonly message: string }] };
}

type Claims = Readonly<Record<string, unknown>>;

/** Signs the tokens of workflows. The Security Token Service exchanges them. */
const issuer = new TestIssuer("ES256");

/** Replaces `x{1..3}` in lists with `x1`, `x2` and `x3`, a `subjectToken` of claims with a token, and `{issuer}` with the issuer's keys. */
function expanded(value: unknown): unknown {
    if (Array.isArray(value)) {
        return value.flatMap((item: unknown) => {
            const [, before, from, to, after] = typeof item === "string" ? (/^(.*)\{(\d+)\.\.(\d+)\}(.*)$/.exec(item) ?? []) : [];
            return before === undefined
                ? [expanded(item)]
                : Array.from({ length: Number(to) - Number(from) + 1 }, (_, index) => `${before}${Number(from) + index}${after ?? ""}`);
        });
    }
    if (typeof value !== "object" || value === null) {
        return value === "{issuer}" ? issuer.jwks : value;
    }
    return Object.fromEntries(
        Object.entries(value).map(([name, inner]) => [name, name === "subjectToken" ? issuer.token(inner as Claims) : expanded(inner)]),
    );
}

/** The pattern of a message: `…` stands for any text. */
const formOf = (message: string): RegExp =>
    new RegExp(
        `^${message
            .split("…")
            .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
            .join("[^]*")}$`,
    );

describe("refusals that users reported", () => {
    let api: ApiUnderTest;

    afterEach(() => {
        api.stop();
    });

    const tokenOf = async (account: string): Promise<string> => {
        const at = `iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${account}:generateAccessToken`;
        const { body } = await api.call("POST", at, { scope: ["https://www.googleapis.com/auth/cloud-platform"] });
        return String(body.accessToken);
    };

    const send = async ({ call, body, headers, as }: Request): Promise<Answer> => {
        const [method = "", at = ""] = call.split(" ");
        const authorization = as === undefined ? {} : { authorization: `Bearer ${await tokenOf(as)}` };
        return api.call(method, at, expanded(body), { ...authorization, ...headers });
    };

    /** The API's answer: status and message of an error, or of a failed operation. */
    const outcome = async (request: Request): Promise<{ readonly answer: string; readonly message: string }> => {
        const { status, body } = await send(request);
        const [host] = request.call.split(" ")[1]?.split("/projects/") ?? [];
        if (body.kind === "compute#operation") {
            const done = await api.call("GET", String(body.selfLink).replace("https://www", "compute"));
            const { error, httpErrorStatusCode = 200 } = done.body as ComputeOperation;
            const [{ code, message } = { code: undefined, message: "" }] = error?.errors ?? [];
            return { answer: [httpErrorStatusCode, code ?? []].flat().join(" "), message };
        }
        const isOperation = status === 200 && String(body.name).includes("/operations/");
        const result = isOperation ? (await api.call("GET", `${host ?? ""}/${String(body.name)}`)).body : body;
        const { error, error_description: problem } = result;
        if (typeof error === "string") {
            // The Security Token Service answers in the form of OAuth 2.0.
            return { answer: `${status} ${error}`, message: String(problem) };
        }
        // Cloud Storage returns a reason instead of a status.
        const { code, message, errors, status: name = errors?.[0]?.reason } = (error ?? {}) as ErrorBody;
        return {
            answer: error === undefined ? "200" : isOperation ? `operation ${code ?? ""}` : `${status} ${name ?? ""}`,
            message: message ?? "",
        };
    };

    for (const file of readdirSync(FOLDER).filter((file) => file.endsWith(".yaml"))) {
        const { service, refusals } = parse(readFileSync(path.join(FOLDER, file), "utf8")) as { service: string; refusals: Refusal[] };
        for (const { message, answer, quotas = "", given = [], request, twin } of refusals) {
            if (request !== undefined) {
                it(`${service}: ${message.slice(0, 90)}`, async () => {
                    api = await ApiUnderTest.start((ledger, gke) => new Quotas(ledger, () => gke.groupsOf(), limitsOf(quotas)));
                    for (const before of given) {
                        expect(await outcome(before), before.call).to.deep.equal({ answer: "200", message: "" });
                    }
                    const refused = await outcome(request);
                    expect(refused.answer, refused.message).to.equal(answer);
                    expect(refused.message).to.match(formOf(message));
                    expect(await outcome({ ...request, ...twin })).to.deep.equal({ answer: "200", message: "" });
                });
            }
        }
    }
});
