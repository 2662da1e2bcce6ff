import { projectNumber } from "../draft";
import { iamMember, rfc1035, type Service } from "../service";

const BUCKET = "gcp:storage/bucket:Bucket";

/** Cloud Storage and Pub/Sub. */
export const storage: Service = {
    [BUCKET]: {
        id: (draft) => draft.text("name"),
        name: {
            property: "name",
            maxLength: 63,
            pattern: /^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/,
            rule: "3 to 63 lower-case letters, digits, hyphens, underscores and full stops, starting and ending with a letter or digit",
        },
        outputs: ({ draft, id, createdAt, updatedAt }) => ({
            selfLink: `https://www.googleapis.com/storage/v1/b/${id}`,
            url: `gs://${id}`,
            projectNumber: Number(projectNumber(draft.project)),
            timeCreated: createdAt,
            updated: updatedAt,
        }),
    },
    "gcp:storage/bucketIAMMember:BucketIAMMember": {
        ...iamMember(BUCKET, (draft) => draft.text("bucket"), true),
        id: (draft) => `b/${draft.text("bucket")}/${draft.text("role")}/${draft.text("member")}`,
    },
    "gcp:pubsub/topic:Topic": {
        id: (draft) => `projects/${draft.project}/topics/${draft.text("name")}`,
        name: {
            ...rfc1035(255),
            pattern: /^[a-zA-Z][\w.~+%-]{2,254}$/,
            rule: "3 to 255 letters, digits and - . _ ~ + %, starting with a letter",
        },
    },
};
