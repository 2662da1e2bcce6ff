const WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

/** Recurrence of a maintenance window: the part of RFC 5545 that GKE supports. */
export interface Recurrence {
    readonly frequency: "DAILY" | "WEEKLY" | "MONTHLY";
    readonly interval: number;
    /** Weekdays from Monday (0), each with its position in the month if the rule has one: `-1SU` → [-1, 6]. */
    readonly weekdays: readonly (readonly [place: number | undefined, weekday: number])[];
    readonly monthDays: readonly number[];
}

/** Reads a rule such as `FREQ=WEEKLY;BYDAY=SA,SU`; undefined for anything else. */
export function parseRecurrence(rule: string): Recurrence | undefined {
    const fields = rule.split(";").map((field) => /^(FREQ|INTERVAL|BYDAY|BYMONTHDAY|WKST)=([A-Z0-9,+-]+)$/.exec(field));
    const values = new Map(fields.map((field) => [field?.[1], field?.[2] ?? ""]));
    const frequency = values.get("FREQ");
    const interval = values.get("INTERVAL") ?? "1";
    const weekdays = list(values.get("BYDAY")).map((day) => /^([+-]?\d)?(MO|TU|WE|TH|FR|SA|SU)$/.exec(day));
    const monthDays = list(values.get("BYMONTHDAY")).map(Number);
    const isValid =
        !fields.includes(null) &&
        values.size === fields.length &&
        (frequency === "DAILY" || frequency === "WEEKLY" || frequency === "MONTHLY") &&
        /^[1-9]\d{0,2}$/.test(interval) &&
        !weekdays.includes(null) &&
        monthDays.every((day) => Number.isInteger(day) && day !== 0 && Math.abs(day) <= 31);
    return isValid
        ? {
              frequency,
              interval: Number(interval),
              weekdays: weekdays.map(
                  (day) => [day?.[1] === undefined ? undefined : Number(day[1]), WEEKDAYS.indexOf(day?.[2] ?? "")] as const,
              ),
              monthDays,
          }
        : undefined;
}

const list = (value: string | undefined): readonly string[] => (value === undefined ? [] : value.split(","));

const DAY_MS = 86_400_000;
const mondayFirst = (date: Date): number => (date.getUTCDay() + 6) % 7;

/** Whether a window opens on this day, which is `days` after the first one. */
function opens(rule: Recurrence, first: Date, days: number): boolean {
    const date = new Date(first.getTime() + days * DAY_MS);
    const weekday = mondayFirst(date);
    const onWeekday = rule.weekdays.some(([, day]) => day === weekday);
    switch (rule.frequency) {
        case "DAILY":
            return days % rule.interval === 0 && (rule.weekdays.length === 0 || onWeekday);
        case "WEEKLY": {
            const week = Math.floor((days + mondayFirst(first)) / 7);
            return week % rule.interval === 0 && (rule.weekdays.length === 0 ? weekday === mondayFirst(first) : onWeekday);
        }
        case "MONTHLY": {
            const months = 12 * (date.getUTCFullYear() - first.getUTCFullYear()) + date.getUTCMonth() - first.getUTCMonth();
            return months % rule.interval === 0 && inMonth(rule, first, date);
        }
    }
}

function inMonth({ weekdays, monthDays }: Recurrence, first: Date, date: Date): boolean {
    const day = date.getUTCDate();
    const length = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
    const places = [Math.ceil(day / 7), -Math.ceil((length - day + 1) / 7), undefined];
    if (weekdays.length > 0) {
        return weekdays.some(([place, weekday]) => weekday === mondayFirst(date) && places.includes(place));
    }
    return monthDays.length > 0 ? monthDays.some((wanted) => wanted === day || wanted === day - length - 1) : day === first.getUTCDate();
}

/** Number of days over which GKE sums the windows. */
const PERIOD_DAYS = 32;
const TRIED_DAYS = 400;

/** Minimum hours of maintenance windows in any 32 days of the first year. */
export function leastHours(start: string, hours: number, rule: Recurrence): number {
    const first = new Date(start);
    const open = Array.from({ length: TRIED_DAYS }, (_, day): number => (opens(rule, first, day) ? hours : 0));
    const sums = open.slice(PERIOD_DAYS - 1).map((_, day) => open.slice(day, day + PERIOD_DAYS).reduce((sum, each) => sum + each, 0));
    return Math.min(...sums);
}
