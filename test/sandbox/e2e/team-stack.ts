/** The pool and the size of each service and worker. */
const SIZE = `              pool: serving
              cpu: 200m
              memory: 512Mi
              coldStartSeconds: 60
              drainSeconds: 5`;

/**
 * The stack file of a team with its own images: Redis, which is not a Python server, next to the digits, a worker and two runs, one of them with two
 * processes.
 */
export const TEAM_STACK = `config:
    gcp:project: team-dev
    gcp:region: us-central1
    ml-platform:environment: dev
    ml-platform:registry:
        repository: ml-images
        consumers: [team-prod]
    ml-platform:images:
        from: build
        variant: cpu
        sbom: false
        redis:
            context: test/images/fixtures/redis
        worker: {}
    ml-platform:cluster:
        name: team-dev
        location: us-central1-a
        endpoint: ip
        pools:
            - name: serving
              accelerator: nvidia-l4
              machineType: g2-standard-8
              maxNodes: 1
              sharing:
                  strategy: time-sharing
                  clients: 8
            - name: training
              accelerator: nvidia-l4
              # One node for both runs: of two clusters, the sandbox has containers on four nodes.
              acceleratorCount: 4
              maxNodes: 1
    ml-platform:inference:
        services:
            - name: digits
${SIZE}
            - name: redis
              image: redis
              command: [redis-server]
              args: [--save, "", --appendonly, "no", --protected-mode, "no", --dir, /tmp]
              port: 6379
              probes:
                  ready:
                      command: [redis-cli, ping]
                  health:
                      command: [redis-cli, ping]
${SIZE}
    ml-platform:workers:
        workers:
            - name: queue
${SIZE}
              secrets: [broker]
              egress:
                  - namespace: inference
                    ports: [6379]
    ml-platform:training:
        pool: training
        cpu: 500m
        sharedMemory: 1Gi
        workingSet: 1Gi
        args: [--epochs, "2"]
        wait: true
        checkpoints:
            claim: one
            size: 1Gi
        runs:
            - id: one
            - id: both
              gpus: 2
              checkpoints:
                  claim: both
                  size: 1Gi
`;
