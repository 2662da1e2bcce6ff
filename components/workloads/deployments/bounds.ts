/** Minimum and maximum number of pods; equal if the number is fixed. */
export interface Bounds {
    readonly min: number;
    readonly max: number;
}

/** How many pods a service or a worker may have. */
export interface Scaled {
    readonly replicas?: number | undefined;
    readonly autoscaling?: Bounds | undefined;
}

/** The bounds of a service or a worker: those of the autoscaler, or the fixed number. */
export const boundsOf = ({ replicas = 1, autoscaling }: Scaled): Bounds => autoscaling ?? { min: replicas, max: replicas };

/** The number of replicas in one place: fixed, or between two bounds. */
export const withReplicas = <S extends Scaled>(settings: S): S => ({
    ...settings,
    replicas: settings.autoscaling === undefined ? (settings.replicas ?? 1) : settings.replicas,
});
