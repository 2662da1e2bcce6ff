module sandbox.invalid/kueue

go 1.26.6

require (
	helm.sh/helm/v3 v3.20.0
	sigs.k8s.io/kueue v0.17.0
)
