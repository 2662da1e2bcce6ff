import { refuses } from "../refusals";

const MAINTENANCE = "ml-platform:cluster.maintenance";
const exclusion = (start: string, end: string, name = "launch") => ({ name, start, end });

describe("checks of maintenance", () => {
    refuses([
        {
            title: "a recurrence in words",
            edits: { [`${MAINTENANCE}.recurrence`]: "every saturday" },
            problems: [
                "cluster.maintenance.recurrence: every saturday is not a rule of RFC 5545 that GKE accepts, such as FREQ=WEEKLY;BYDAY=SA,SU",
            ],
            remedies: ["pulumi config rm --path 'ml-platform:cluster.maintenance.recurrence'"],
            repair: { [`${MAINTENANCE}.recurrence`]: "FREQ=WEEKLY;BYDAY=FR,SA,SU" },
        },
        {
            // Four or five Saturdays in 32 days.
            title: "a window that is too short",
            edits: { [`${MAINTENANCE}.recurrence`]: "FREQ=WEEKLY;BYDAY=SA", [`${MAINTENANCE}.hours`]: 11 },
            problems: [
                "cluster.maintenance.recurrence: FREQ=WEEKLY;BYDAY=SA with 11 hours opens for 44 hours in 32 days; GKE requires at least 48",
            ],
            remedies: ["Add days to the recurrence, or hours to the window"],
            repair: { [`${MAINTENANCE}.hours`]: 12 },
        },
        {
            title: "an exclusion that ends before it starts",
            edits: { [`${MAINTENANCE}.exclusions`]: [exclusion("2026-12-24T00:00:00Z", "2026-12-20T00:00:00Z")] },
            problems: ["cluster.maintenance.exclusions[0].end: 2026-12-20T00:00:00Z is not after start, 2026-12-24T00:00:00Z"],
            remedies: ["Set an end that is after the start"],
            repair: { [`${MAINTENANCE}.exclusions[0].end`]: "2026-12-28T00:00:00Z" },
        },
        {
            title: "an exclusion of more than 30 days",
            edits: { [`${MAINTENANCE}.exclusions`]: [exclusion("2026-12-01T00:00:00Z", "2026-12-31T00:00:01Z")] },
            problems: ["cluster.maintenance.exclusions[0].end: 2026-12-31T00:00:01Z is 31 days after start; GKE allows 30"],
            remedies: ["End it by 2026-12-31T00:00:00.000Z"],
            repair: { [`${MAINTENANCE}.exclusions[0].end`]: "2026-12-31T00:00:00Z" },
        },
        {
            title: "two exclusions of one name",
            edits: {
                [`${MAINTENANCE}.exclusions`]: [
                    exclusion("2026-12-01T00:00:00Z", "2026-12-02T00:00:00Z"),
                    exclusion("2026-12-05T00:00:00Z", "2026-12-06T00:00:00Z"),
                ],
            },
            problems: ["cluster.maintenance.exclusions[1].name: launch is the name of another exclusion"],
            remedies: ["pulumi config set --path 'ml-platform:cluster.maintenance.exclusions[1].name' 'launch 2'"],
            repair: { [`${MAINTENANCE}.exclusions[1].name`]: "freeze" },
        },
        {
            title: "more exclusions than GKE accepts",
            edits: {
                [`${MAINTENANCE}.exclusions`]: ["a", "b", "c", "d"].map((name) =>
                    exclusion("2026-12-01T00:00:00Z", "2026-12-02T00:00:00Z", name),
                ),
            },
            problems: ["cluster.maintenance.exclusions: has 4 exclusions; GKE allows 3"],
            remedies: ["Remove exclusions that have ended"],
            repair: { [`${MAINTENANCE}.exclusions[3]`]: undefined },
        },
    ]);
});
