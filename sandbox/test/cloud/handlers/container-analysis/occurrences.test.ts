import { expect } from "chai";
import { ApiUnderTest } from "../../test-api";

const PARENT = "containeranalysis.googleapis.com/v1/projects/p/occurrences";
const IMAGE = `https://us-central1-docker.pkg.dev/p/ml-images/inference@sha256:${"a".repeat(64)}`;
const OTHER = `https://us-central1-docker.pkg.dev/p/ml-images/training@sha256:${"b".repeat(64)}`;
const ISSUE = {
    affectedCpeUri: "cpe:/o:debian:debian_linux:12",
    affectedPackage: "openssl",
    affectedVersion: { name: "3.0.11", revision: "1~deb12u2", kind: "NORMAL", fullName: "3.0.11-1~deb12u2" },
    fixedVersion: { name: "3.0.13", revision: "1~deb12u1", kind: "NORMAL", fullName: "3.0.13-1~deb12u1" },
};
const VULNERABILITY = {
    resourceUri: IMAGE,
    noteName: "projects/goog-vulnz/notes/CVE-2024-0727",
    vulnerability: { effectiveSeverity: "CRITICAL", packageIssue: [ISSUE] },
};
const DISCOVERY = {
    resourceUri: IMAGE,
    noteName: "projects/goog-analysis/notes/PACKAGE_VULNERABILITY",
    discovery: { analysisStatus: "FINISHED_SUCCESS", continuousAnalysis: "ACTIVE" },
};

describe("occurrences", () => {
    let api: ApiUnderTest;

    beforeEach(async () => {
        api = await ApiUnderTest.start();
    });

    afterEach(() => {
        api.stop();
    });

    const list = async (filter: string, more = ""): Promise<readonly Record<string, unknown>[]> => {
        const { status, body } = await api.call("GET", `${PARENT}?filter=${encodeURIComponent(filter)}${more}`);
        expect(status, JSON.stringify(body)).to.equal(200);
        return (body.occurrences ?? []) as readonly Record<string, unknown>[];
    };

    it("get a name, a kind and times, and the fields that the API derives from the details", async () => {
        const { status, body } = await api.call("POST", PARENT, { ...VULNERABILITY, kind: "BUILD" });
        expect(status).to.equal(200);
        expect(body.name).to.match(/^projects\/p\/occurrences\/[0-9a-f-]{36}$/);
        expect(body)
            .to.include({ kind: "VULNERABILITY", noteName: VULNERABILITY.noteName })
            .and.to.include.keys("createTime", "updateTime");
        expect(body.vulnerability).to.deep.equal({
            ...{ effectiveSeverity: "CRITICAL", shortDescription: "CVE-2024-0727", fixAvailable: true },
            packageIssue: [{ ...ISSUE, fixAvailable: true }],
        });
        const unfixed = { effectiveSeverity: "HIGH", packageIssue: [{ ...ISSUE, fixedVersion: { kind: "MAXIMUM" } }] };
        const { body: second } = await api.call("POST", PARENT, { ...VULNERABILITY, vulnerability: unfixed });
        expect(second.vulnerability).not.to.have.property("fixAvailable");
    });

    it("are found by kind and image, in the spelling of Google's documentation", async () => {
        for (const occurrence of [DISCOVERY, VULNERABILITY, { ...VULNERABILITY, resourceUri: OTHER }]) {
            await api.call("POST", PARENT, occurrence);
        }
        expect(await list("")).to.have.length(3);
        expect(await list(`kind="VULNERABILITY"`)).to.have.length(2);
        const [found, ...more] = await list(`(kind="VULNERABILITY" AND resourceUrl="${IMAGE}")`);
        expect([found?.kind, found?.resourceUri, more]).to.deep.equal(["VULNERABILITY", IMAGE, []]);
        expect(await list(`noteProjectId="goog-vulnz" AND noteId="CVE-2024-0727"`)).to.have.length(2);
        expect(await list(`resourceUrl="${IMAGE.replace("https://", "")}"`)).to.have.length(0);
    });

    it("are listed in pages of 20", async () => {
        for (let index = 0; index < 21; index++) {
            await api.call("POST", PARENT, DISCOVERY);
        }
        expect(await list("")).to.have.length(20);
        expect(await list("", "&pageSize=1000")).to.have.length(21);
        const { body } = await api.call("GET", PARENT);
        expect((await api.call("GET", `${PARENT}?pageToken=${String(body.nextPageToken)}`)).body.occurrences).to.have.length(1);
    });

    for (const [what, body, message] of [
        ["no image", { ...DISCOVERY, resourceUri: "" }, "occurrence.resource_uri must be set."],
        ["a note of another form", { ...DISCOVERY, noteName: "CVE-2024-0727" }, "occurrence.note_name must have the form "],
        ["no details", { resourceUri: IMAGE, noteName: DISCOVERY.noteName }, "occurrence must have exactly one kind of details, not 0."],
        ["two kinds of details", { ...DISCOVERY, ...VULNERABILITY }, "occurrence must have exactly one kind of details, not 2."],
        [
            "a vulnerability of no package",
            { ...VULNERABILITY, vulnerability: { effectiveSeverity: "LOW" } },
            "occurrence.vulnerability.package_issue must have at least one issue.",
        ],
        [
            "a package without a version",
            { ...VULNERABILITY, vulnerability: { packageIssue: [{ ...ISSUE, affectedVersion: undefined }] } },
            "occurrence.vulnerability.package_issue[0] must have affectedVersion.",
        ],
        [
            "a severity that Google does not know",
            { ...VULNERABILITY, vulnerability: { ...VULNERABILITY.vulnerability, effectiveSeverity: "SEVERE" } },
            "Invalid value at 'occurrence.vulnerability.effective_severity' (TYPE_ENUM), \"SEVERE\"",
        ],
    ] as const) {
        it(`are refused with ${what}`, async () => {
            expect(await api.refusal("POST", PARENT, body)).to.contain(`400 INVALID_ARGUMENT: ${message}`);
            expect(api.ledger.list()).to.deep.equal([]);
        });
    }

    it("are refused for a filter that the sandbox does not support", async () => {
        for (const filter of ["kind=VULNERABILITY", 'severity="HIGH"', 'kind="BUILD" OR kind="IMAGE"', 'toString="x"']) {
            expect(await api.refusal("GET", `${PARENT}?filter=${encodeURIComponent(filter)}`), filter).to.contain("Invalid filter ");
        }
    });
});
