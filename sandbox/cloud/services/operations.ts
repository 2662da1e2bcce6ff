import { projectNumber } from "../draft";
import { rfc1035, type Service } from "../service";

/** Cloud Monitoring, Cloud Logging and Pub/Sub. */
export const operations: Service = {
    "gcp:monitoring/alertPolicy:AlertPolicy": {
        id: (draft) => `projects/${draft.project}/alertPolicies/${draft.number(19)}`,
        outputs: ({ id, createdAt }) => ({ name: id, creationRecords: [{ mutateTime: createdAt, mutatedBy: "sandbox" }] }),
    },
    "gcp:monitoring/notificationChannel:NotificationChannel": {
        id: (draft) => `projects/${draft.project}/notificationChannels/${draft.number(19)}`,
        outputs: ({ id }) => ({ name: id, verificationStatus: "" }),
    },
    "gcp:monitoring/dashboard:Dashboard": {
        id: (draft) => `projects/${projectNumber(draft.project)}/dashboards/${draft.uuid}`,
    },
    "gcp:logging/metric:Metric": {
        id: (draft) => draft.text("name"),
        name: { ...rfc1035(100), pattern: /^[\w./-]{1,100}$/, rule: "at most 100 letters, digits and _ - . /" },
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
