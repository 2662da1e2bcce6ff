import type { Change } from "../engine/change";
import type { Consequence } from "../classes";
import { code, codes, shown } from "../engine/values";
import { undone, what } from "../wording";

/** IAM of Google Cloud and role bindings of Kubernetes. */
const IS_ACCESS = /(iam(member|binding|policy|auditconfig)|rolebinding)$/i;
const PUBLIC = new Set(["allUsers", "allAuthenticatedUsers"]);

/** Granted and revoked access. */
export function accessConsequence(change: Change): Consequence | undefined {
    if (!IS_ACCESS.test(change.type)) {
        return undefined;
    }
    const state = change.action === "delete" ? change.old : change.new;
    const role = shown(state?.inputs, "role") ?? shown(state?.inputs, "roleRef", "name");
    const members = [shown(state?.inputs, "member"), ...list(state?.inputs.members)].filter((member) => member !== undefined);
    const opened = change.action !== "delete" && members.some((member) => PUBLIC.has(member));
    const verb = {
        create: "is granted",
        update: `changes (${codes(change.fields)})`,
        replace: `is ${undone(change)}`,
        delete: "is removed",
    }[change.action];
    const grant = [role === undefined ? "" : ` ${code(role)}`, members.length === 0 ? "" : ` for ${codes(members)}`].join("");
    return { class: opened ? "public-access" : "access-changed", text: `${what(change)} ${verb}${grant === "" ? "" : ":"}${grant}` };
}

const list = (value: unknown): string[] =>
    Array.isArray(value) ? value.filter((member): member is string => typeof member === "string" && member !== "[secret]") : [];
