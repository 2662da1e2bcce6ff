import { expect } from "chai";

import { memberProblem } from "../../gke/iam-members";

const WORKLOAD = "iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools";
const WORKFORCE = "iam.googleapis.com/locations/global/workforcePools/my-pool";

describe("members of an allow policy", () => {
    for (const member of [
        "user:ann@example.com",
        "user:Ann.O'Neil+ml@Example.co.uk",
        "group:ml@example.com",
        "serviceAccount:ci@my-project.iam.gserviceaccount.com",
        "serviceAccount:ci@my-project.example.com.iam.gserviceaccount.com",
        "serviceAccount:123456789012-compute@developer.gserviceaccount.com",
        "serviceAccount:my-project@appspot.gserviceaccount.com",
        "serviceAccount:service-123456789012@gcp-sa-cloudbuild.iam.gserviceaccount.com",
        "serviceAccount:123456789012@cloudbuild.gserviceaccount.com",
        "serviceAccount:my-project.svc.id.goog[inference/digits]",
        "serviceAccount:example.com:my-project.svc.id.goog[inference/digits]",
        "domain:example.com",
        `principal://${WORKLOAD}/github/subject/repo:my-organization/ml:ref:refs/heads/main`,
        `principal://${WORKLOAD}/my-project.svc.id.goog/subject/ns/inference/sa/digits`,
        `principal://${WORKFORCE}/subject/ann@example.com`,
        "principal://my-pool.global.123456789012.workload.id.goog/ns/inference/sa/digits",
        `principalSet://${WORKLOAD}/github/attribute.repository/my-organization/ml`,
        `principalSet://${WORKLOAD}/github/group/ml`,
        `principalSet://${WORKLOAD}/github/*`,
        `principalSet://${WORKLOAD}/my-project.svc.id.goog/namespace/inference`,
        `principalSet://${WORKFORCE}/group/ml@example.com`,
        `principalSet://${WORKFORCE}/*`,
        "principalSet://cloudresourcemanager.googleapis.com/projects/123456789012/type/ServiceAccount",
        "principalSet://cloudresourcemanager.googleapis.com/organizations/123456789012/type/ServiceAgent",
    ]) {
        it(`are ${member}`, () => {
            expect(memberProblem(member)).to.equal(undefined);
        });
    }

    for (const member of [
        "user:x",
        "user:",
        "user:ann@localhost",
        "user:ann@example.com,bob@example.com",
        "user: ann@example.com",
        "user:ann@example.com ",
        "user:ann@example.com\n",
        "user:ann@example..com",
        "group:ml",
        "group:@example.com",
        "serviceAccount:a@b",
        "serviceAccount:ci",
        "serviceAccount:ci@my-project",
        "serviceAccount:ci@example.com",
        "serviceAccount:ci@my-project.iam.gserviceaccount.com.evil.example",
        "serviceAccount:CI@my-project.iam.gserviceaccount.com",
        "serviceAccount:my-project.svc.id.goog[digits]",
        "domain:",
        "domain:example",
        "domain:https://example.com",
        "domain:ann@example.com",
        "principal:ann",
        "principal://goog/subject/ann@example.com",
        `principal://${WORKLOAD.replace("123456789012", "my-project")}/github/subject/main`,
        `principal://${WORKLOAD}/github/subject/`,
        `principal://${WORKLOAD}/github/attribute.repository/ml`,
        `principalSet://${WORKLOAD}/github`,
        `principalSet://${WORKLOAD}/github/subject/main`,
        "principalSet://goog/public:all",
        "principalSet://cloudresourcemanager.googleapis.com/projects/123456789012",
        "principalSet://cloudresourcemanager.googleapis.com/projects/my-project/type/ServiceAccount",
    ]) {
        it(`are not ${JSON.stringify(member)}`, () => {
            expect(memberProblem(member)).to.match(
                /^must be a (user|group|serviceAccount|domain|principal|principalSet) as IAM writes it, such as /,
            );
        });
    }

    for (const member of [
        "",
        "ann@example.com",
        "users:ann@example.com",
        "constructor:x",
        "deleted:user:ann@example.com?uid=1",
        "projectOwner:my-project",
    ]) {
        it(`are not ${JSON.stringify(member)}, of no kind that a person names`, () => {
            expect(memberProblem(member)).to.equal(
                "must be an IAM member such as serviceAccount:ci@my-project.iam.gserviceaccount.com (https://cloud.google.com/iam/docs/principal-identifiers)",
            );
        });
    }

    it("are service accounts by their own kind", () => {
        for (const kind of ["user", "group"]) {
            expect(memberProblem(`${kind}:ci@my-project.iam.gserviceaccount.com`)).to.equal(
                "must be serviceAccount:ci@my-project.iam.gserviceaccount.com, because the address is one of a service account",
            );
        }
    });

    it("are not everybody", () => {
        for (const everybody of ["allUsers", "allAuthenticatedUsers"]) {
            expect(memberProblem(everybody)).to.equal(
                "would give access to everyone on the internet; it must be a user, group or service account",
            );
        }
    });
});
