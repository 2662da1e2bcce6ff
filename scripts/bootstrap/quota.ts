import { outputOf } from "../command-line/program";

/** https://cloud.google.com/compute/resource-usage#gpu_quota */
const GPU_QUOTA = "GPUS_ALL_REGIONS";

/** The quotas in the output of `gcloud compute project-info describe`. */
interface ProjectInfo {
    readonly quotas?: readonly { readonly metric: string; readonly limit: number }[];
}

/** The task to request GPU quota, which is 0 in a new project; undefined if the project has some. */
export async function quotaTask(project: string): Promise<string | undefined> {
    const request = `Request the quota ${GPU_QUOTA}, and that of your accelerator in its region: https://console.cloud.google.com/iam-admin/quotas?project=${project}`;
    try {
        const described = await outputOf(
            "gcloud",
            ["compute", "project-info", "describe", "--project", project, "--format", "json(quotas)"],
            ".",
        );
        const quota = (JSON.parse(described) as ProjectInfo).quotas?.find(({ metric }) => metric === GPU_QUOTA);
        return (quota?.limit ?? 0) > 0 ? undefined : `The project has no quota for GPUs. ${request}`;
    } catch {
        // gcloud is missing or not logged in.
        return `A new project has no quota for GPUs. ${request}`;
    }
}
