import { expect } from "chai";
import { diffObject } from "../../../../providers/kubernetes/diff/diff";
import { formatPath } from "../../../../providers/property-path";
import { type Properties, UNKNOWN } from "../../../../providers/property-values";

const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const JOB = "kubernetes:batch/v1:Job";
const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";
const SECRET = "kubernetes:core/v1:Secret";
const fixed = { configMaps: false, secrets: false };

function diff(type: string, olds: Properties, news: Properties, mutability = fixed) {
    return diffObject(type, olds, news, mutability);
}

/** The changes in one line each: `update! spec.selector`, with a mark where the change replaces. */
function changes(type: string, olds: Properties, news: Properties, mutability = fixed): string[] {
    return diff(type, olds, news, mutability).changes.map(
        ({ kind, replaces, path }) => `${kind}${replaces ? "!" : ""} ${formatPath(path)}`,
    );
}

function image(name: string): Properties {
    return { spec: { template: { spec: { containers: [{ name: "c", image: name }] } } } };
}

const IMAGE = "spec.template.spec.containers[0].image";

describe("diffObject", () => {
    const table: readonly (readonly [why: string, type: string, olds: Properties, news: Properties, expected: readonly string[]])[] = [
        ["the same", DEPLOYMENT, image("a"), image("a"), []],
        ["null and absent", DEPLOYMENT, { spec: { replicas: null } }, { spec: {} }, []],
        ["the default namespace and none", DEPLOYMENT, { metadata: { namespace: "default" } }, { metadata: {} }, []],
        ["a status in the inputs", DEPLOYMENT, {}, { status: { replicas: 1 } }, []],
        ["a Deployment's image", DEPLOYMENT, image("a"), image("b"), [`update ${IMAGE}`]],
        ["a Job's image", JOB, image("a"), image("b"), [`update! ${IMAGE}`]],
        ["a Job's image that is not known yet", JOB, image("a"), { spec: { template: UNKNOWN } }, ["update! spec.template"]],
        ["a Job's whole spec that is not known yet", JOB, image("a"), { spec: UNKNOWN }, ["update! spec"]],
        ["a Job's suspend", JOB, { spec: { suspend: true } }, { spec: { suspend: false } }, ["update spec.suspend"]],
        ["a Job's parallelism", JOB, { spec: { parallelism: 1 } }, { spec: { parallelism: 2 } }, ["update! spec.parallelism"]],
        ["a name", DEPLOYMENT, { metadata: { name: "a" } }, { metadata: { name: "b" } }, ["update! metadata.name"]],
        ["a namespace", DEPLOYMENT, { metadata: {} }, { metadata: { namespace: "ml" } }, ["update! metadata.namespace"]],
        ["a label", DEPLOYMENT, { metadata: {} }, { metadata: { labels: { "a.b/c": "d" } } }, ["add metadata.labels"]],
        [
            "a selector",
            DEPLOYMENT,
            { spec: { selector: { matchLabels: { a: "1" } } } },
            { spec: { selector: { matchLabels: { a: "2" } } } },
            ["update! spec.selector.matchLabels.a"],
        ],
        ["a removed element", DEPLOYMENT, { spec: { x: ["a", "b"] } }, { spec: { x: ["a"] } }, ["delete spec.x[1]"]],
        [
            "a Pod's image",
            "kubernetes:core/v1:Pod",
            { spec: { containers: [{ image: "a" }] } },
            { spec: { containers: [{ image: "b" }] } },
            ["update! spec.containers[0].image"],
        ],
        [
            "a Service's address",
            "kubernetes:core/v1:Service",
            { spec: { clusterIP: "None" } },
            { spec: { clusterIP: "10.0.0.1" } },
            ["update! spec.clusterIP"],
        ],
        [
            "a Service's ports",
            "kubernetes:core/v1:Service",
            { spec: { ports: [{ port: 80 }] } },
            { spec: { ports: [{ port: 81 }] } },
            ["update spec.ports[0].port"],
        ],
        [
            "a binding's role",
            "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
            { roleRef: { name: "a" } },
            { roleRef: { name: "b" } },
            ["update! roleRef.name"],
        ],
        [
            "a claim's class",
            "kubernetes:core/v1:PersistentVolumeClaim",
            { spec: { storageClassName: "a" } },
            { spec: { storageClassName: "b" } },
            ["update! spec.storageClassName"],
        ],
        [
            "a claim's size",
            "kubernetes:core/v1:PersistentVolumeClaim",
            { spec: { resources: { requests: { storage: "1Gi" } } } },
            { spec: { resources: { requests: { storage: "2Gi" } } } },
            ["update spec.resources.requests.storage"],
        ],
        [
            "a StatefulSet's service",
            "kubernetes:apps/v1:StatefulSet",
            { spec: { serviceName: "a" } },
            { spec: { serviceName: "b" } },
            ["update! spec.serviceName"],
        ],
        ["a ConfigMap's data", CONFIG_MAP, { data: { a: "1" } }, { data: { a: "2" } }, ["update! data.a"]],
        ["a Secret's type", SECRET, { type: "Opaque" }, { type: "kubernetes.io/tls" }, ["update! type"]],
        ["a Secret's text", SECRET, { stringData: { a: "1" } }, { stringData: { a: "2" } }, ["update! stringData.a"]],
        [
            "a field of a custom resource",
            "kubernetes:example.com/v1:Widget",
            { spec: { size: 1 } },
            { spec: { size: 2 } },
            ["update spec.size"],
        ],
    ];
    for (const [why, type, olds, news, expected] of table) {
        it(`${why}: ${expected.join(", ") || "no change"}`, () => {
            expect(changes(type, olds, news)).to.deep.equal(expected);
        });
    }

    it("updates mutable ConfigMaps and Secrets in place if the provider allows it", () => {
        const mutable = { configMaps: true, secrets: true };
        expect(changes(CONFIG_MAP, { data: { a: "1" } }, { data: { a: "2" } }, mutable)).to.deep.equal(["update data.a"]);
        expect(changes(SECRET, { data: { a: "1" } }, { data: { a: "2" } }, mutable)).to.deep.equal(["update data.a"]);
        const immutable = { immutable: true, data: { a: "1" } };
        expect(changes(CONFIG_MAP, immutable, { ...immutable, data: { a: "2" } }, mutable)).to.deep.equal(["update! data.a"]);
    });

    it("deletes first only if the new object has the same name", () => {
        const metadata = { name: "a", namespace: "ml" };
        const autonamed = { ...metadata, annotations: { "pulumi.com/autonamed": "true" } };
        const deletesFirst = (olds: Properties, news: Properties) =>
            diff(JOB, { metadata: olds, ...image("a") }, { metadata: news, ...image("b") }).deleteBeforeReplace;
        expect(deletesFirst(metadata, metadata)).to.equal(true);
        expect(deletesFirst(autonamed, autonamed)).to.equal(false);
        expect(deletesFirst(metadata, { ...metadata, name: "b" })).to.equal(false);
        expect(deletesFirst(metadata, { ...metadata, namespace: "other" })).to.equal(false);
        expect(deletesFirst(metadata, { ...metadata, name: UNKNOWN })).to.equal(false);
        expect(diff(DEPLOYMENT, { metadata, ...image("a") }, { metadata, ...image("b") }).deleteBeforeReplace).to.equal(false);
    });
});
