import { randomUUID } from "node:crypto";
import { ensure } from "../../api/api-error";
import { apiService, type ApiService, textOf } from "../../api/service";
import document from "../../discovery/documents/container/containeranalysis.v1.json";
import { isJsonList, isJsonObject, type JsonObject, listAt, objectsAt, textOrEmpty, valueAt } from "../../json";
import type { Entry, Ledger } from "../../ledger";
import { shortName } from "../../resource-name";
import { pageOf } from "../common/pages";
import { Resources } from "../common/resources";
import { occurrenceFilter } from "./filter";

/** Ledger type of occurrences. */
export const OCCURRENCE = "containeranalysis.googleapis.com/Occurrence";

const METHODS = "containeranalysis.projects.occurrences";
/** https://cloud.google.com/artifact-analysis/docs/reference/rest/v1/projects.occurrences/list */
const MOST_OF_A_PAGE = 1000;
const DEFAULT_PAGE = 20;
/** Fields with the details of an occurrence, by its kind. An occurrence has one of them. */
const DETAILS: Readonly<Record<string, string>> = {
    attestation: "ATTESTATION",
    build: "BUILD",
    compliance: "COMPLIANCE",
    deployment: "DEPLOYMENT",
    discovery: "DISCOVERY",
    dsseAttestation: "DSSE_ATTESTATION",
    image: "IMAGE",
    package: "PACKAGE",
    sbomReference: "SBOM_REFERENCE",
    secret: "SECRET",
    upgrade: "UPGRADE",
    vulnerability: "VULNERABILITY",
};

/**
 * Artifact Analysis v1: what scanners and builders record about images. Nothing scans on the sandbox, so a client creates the occurrences of a scan.
 * Notes are not served, and an occurrence can name any.
 */
export function occurrences(ledger: Ledger): ApiService {
    const resources = new Resources(ledger, OCCURRENCE);
    return apiService(document, {
        [`${METHODS}.create`]: (call) => {
            const kind = checkOccurrence(call.body);
            return viewOf(resources.create(`${textOf(call, "parent")}/occurrences/${randomUUID()}`, call.body, { kind }));
        },
        [`${METHODS}.list`]: (call) => {
            const matches = occurrenceFilter(textOf(call, "filter"));
            const found = resources
                .list(`${textOf(call, "parent")}/occurrences`)
                .map(viewOf)
                .filter(matches);
            return pageOf("occurrences", found, { pageSize: DEFAULT_PAGE, ...call.parameters }, MOST_OF_A_PAGE);
        },
    });
}

/**
 * Checks the fields that the API requires.
 * @returns the kind
 * @throws ApiError for a missing or invalid field
 */
function checkOccurrence(occurrence: JsonObject): string {
    ensure(textOrEmpty(occurrence.resourceUri) !== "", "occurrence.resource_uri must be set.");
    ensure(
        /^projects\/[^/]+\/notes\/[^/]+$/.test(textOrEmpty(occurrence.noteName)),
        `occurrence.note_name must have the form projects/[PROVIDER_ID]/notes/[NOTE_ID]: "${textOrEmpty(occurrence.noteName)}".`,
    );
    const kinds = Object.entries(DETAILS).flatMap(([field, kind]) => (occurrence[field] === undefined ? [] : [kind]));
    const [kind, second] = kinds;
    ensure(kind !== undefined && second === undefined, `occurrence must have exactly one kind of details, not ${kinds.length}.`);
    const issues = valueAt(occurrence, "vulnerability", "packageIssue");
    for (const [index, issue] of listAt(issues).entries()) {
        for (const field of ["affectedCpeUri", "affectedPackage", "affectedVersion", "fixedVersion"]) {
            ensure(valueAt(issue, field) !== undefined, `occurrence.vulnerability.package_issue[${index}] must have ${field}.`);
        }
    }
    ensure(kind !== "VULNERABILITY" || isJsonList(issues), "occurrence.vulnerability.package_issue must have at least one issue.");
    return kind;
}

/** An occurrence as the API returns it. A version of the kind MAXIMUM means that no fix is available. */
function viewOf({ id, inputs, provisioned, createdAt, updatedAt }: Entry): JsonObject {
    const { vulnerability } = inputs;
    const view = { ...inputs, name: id, kind: textOrEmpty(provisioned.kind), createTime: createdAt, updateTime: updatedAt };
    if (!isJsonObject(vulnerability)) {
        return view;
    }
    const issues = objectsAt(vulnerability.packageIssue);
    const packageIssue = issues.map((issue) => ({ ...issue, ...fixAvailable(issue) }));
    const anyFix = packageIssue.some((issue) => issue.fixAvailable === true);
    const shortDescription = shortName(textOrEmpty(inputs.noteName));
    return { ...view, vulnerability: { ...vulnerability, packageIssue, shortDescription, ...(anyFix && { fixAvailable: true }) } };
}

const fixAvailable = ({ fixedVersion }: JsonObject): JsonObject =>
    valueAt(fixedVersion, "kind") === "MAXIMUM" ? {} : { fixAvailable: true };
